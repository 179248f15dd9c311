import { expect, test } from "vitest";
import type { Passthrough } from "../persona/passthrough.ts";
import { callerHeaders, PASSTHROUGH_CLIENTS } from "./passthrough-catalogue.ts";

const url = "https://relay.example/x/sre-agent-abc234/mcp";
const header = (name: string, required: boolean, value: string | null = null) => ({
  name,
  purpose: "",
  required,
  value,
});
const jwt: Passthrough["jwt"] = {
  keys: { from: "url", url: "https://login.example/keys" },
  issuer: null,
  audience: null,
};
const headers = [header("x-api-key", true), header("x-trace", false), header("x-tenant", true, "acme")];

test("callers send the token that is verified and every header that is not fixed", () => {
  expect(callerHeaders({ headers, jwt, scopes: ["read"] })).toEqual([
    { name: "authorization", value: "Bearer YOUR_TOKEN", required: true },
    { name: "x-api-key", value: "YOUR_X_API_KEY", required: true },
    { name: "x-trace", value: "YOUR_X_TRACE", required: false },
  ]);
});

test("without a token every asked header is required, authorization among them", () => {
  const listed = [header("authorization", false), ...headers];
  expect(
    callerHeaders({ headers: listed, jwt: null, scopes: ["read"] }).map(({ name, required }) => [name, required]),
  ).toEqual([
    ["authorization", true],
    ["x-api-key", true],
    ["x-trace", true],
  ]);
});

test("a listed authorization is the token, once", () => {
  const sent = callerHeaders({ headers: [header("authorization", true)], jwt, scopes: ["read"] });
  expect(sent).toHaveLength(1);
});

test.each(PASSTHROUGH_CLIENTS)("$title: the address and every header, no key", ({ text }) => {
  const snippet = text(url, callerHeaders({ headers, jwt, scopes: ["read"] }));
  for (const part of [url, "Bearer YOUR_TOKEN", "x-api-key", "YOUR_X_API_KEY", "x-trace"]) {
    expect(snippet).toContain(part);
  }
  expect(snippet).not.toMatch(/ap_|acme|null|undefined/u);
});
