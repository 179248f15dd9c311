import { expect, test } from "vitest";
import { countedRequests } from "./counted-requests.ts";

const message = (method: string) => ({ jsonrpc: "2.0", id: 1, method, params: { name: "persona_account_info" } });

test("only a call can be of a tool that is free", () => {
  const counts = ["tools/call", "resources/read", "prompts/get"].map((method) => countedRequests(message(method)));
  expect(counts).toEqual([0, 1, 1]);
});
