import { expect, test } from "vitest";
import { passthroughRisks } from "./passthrough-risks.ts";

const settings = { asksForToken: true, headers: [{ name: "x-api-key" }], scopes: ["read", "write"] as const };

test("finds nothing to warn of while callers prove who they are, keep their token and delete nothing", () => {
  expect(passthroughRisks(settings)).toEqual([]);
});

test("warns of callers without a token, of those that may delete, and of tokens that reach apps", () => {
  expect(passthroughRisks({ ...settings, asksForToken: false })).toEqual(["noToken"]);
  expect(passthroughRisks({ ...settings, scopes: ["destructive"], headers: [{ name: " Authorization" }] })).toEqual([
    "destructive",
    "tokenForwarded",
  ]);
});

test("a header named authorization is no token of ours while none is asked for", () => {
  expect(passthroughRisks({ ...settings, asksForToken: false, headers: [{ name: "authorization" }] })).toEqual([
    "noToken",
  ]);
});
