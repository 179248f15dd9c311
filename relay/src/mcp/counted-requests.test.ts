import { expect, test } from "vitest";
import { countedRequests } from "./counted-requests.ts";

const message = (method: string) => ({ jsonrpc: "2.0", id: 1, method, params: { name: "persona_account_info" } });

test("only a call can be of a tool that is free", () => {
  const counts = ["tools/call", "resources/read", "prompts/get"].map((method) => countedRequests(message(method)));
  expect(counts).toEqual([0, 1, 1]);
});

const about = (method: string, uri: string): number =>
  countedRequests({ jsonrpc: "2.0", id: 1, method, params: { uri } });

test("what makes a browser listen to its apps counts, what only the relay is listened to for does not", () => {
  for (const method of ["resources/subscribe", "resources/unsubscribe"]) {
    expect([about(method, "notes://one"), about(method, "persona://status")]).toEqual([1, 0]);
  }
  expect(countedRequests(message("subscriptions/listen"))).toBe(1);
  expect(countedRequests(message("resources/list"))).toBe(0);
});
