import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { expect, test } from "vitest";
import { accessKey } from "../../test-support/access-key.ts";
import { personaTool } from "../../test-support/rows.ts";
import { callableTools, EXPIRY_NOTICE_MS, keyStatus, sortKeys, toolsByScope, widens } from "./key-view.ts";

const NOW = 1_800_000_000_000;
const tool = (exposedName: string, riskClass: Scope, policy?: "allow" | "never") =>
  personaTool("slot_1", exposedName, { exposedName, riskClass, ...(policy !== undefined && { policy }) });

test("flags a key fourteen days before it expires, not earlier", () => {
  expect(keyStatus(accessKey({ expiresAt: NOW + EXPIRY_NOTICE_MS + 1 }), NOW)).toBe("active");
  expect(keyStatus(accessKey({ expiresAt: NOW + EXPIRY_NOTICE_MS }), NOW)).toBe("expiring");
  expect(keyStatus(accessKey({ expiresAt: NOW }), NOW)).toBe("expired");
});

test("shows a leak before disabled and a dead key before a leak", () => {
  expect(keyStatus(accessKey({ state: "disabled", leakedAt: 1 }), NOW)).toBe("leaked");
  expect(keyStatus(accessKey({ state: "revoked", leakedAt: 1 }), NOW)).toBe("revoked");
  expect(keyStatus(accessKey({ state: "disabled" }), NOW)).toBe("disabled");
});

test("lists dead keys last and newest first", () => {
  const keys = [
    accessKey({ name: "old" }),
    accessKey({ name: "dead", state: "revoked", createdAt: 9 }),
    accessKey({ name: "new", createdAt: 5 }),
  ];
  expect(sortKeys(keys, NOW).map((item) => item.name)).toEqual(["new", "old", "dead"]);
});

test("puts tools under the scope that calls them and leaves out those set to never", () => {
  const version = {
    policies: { read: "allow", write: "allow", destructive: "never" },
    tools: [
      tool("b", "read"),
      tool("a", "read"),
      tool("w", "write", "never"),
      tool("d", "destructive"),
      tool("e", "destructive", "allow"),
    ],
  } as PersonaVersion;
  const byScope = toolsByScope(version);
  expect(byScope).toEqual({ read: ["a", "b"], write: [], destructive: ["e"] });
  expect(callableTools(byScope, { scopes: ["read", "destructive"], tools: ["b", "e", "x"] })).toEqual(["b", "e"]);
});

test("knows a change that lets a key do more", () => {
  const budget = { calls: 10, cents: null };
  const narrow = { scopes: ["read"] as const, tools: ["a"], budget };
  expect(widens(narrow, { ...narrow, scopes: ["read", "write"] })).toBe(true);
  expect(widens(narrow, { ...narrow, tools: null })).toBe(true);
  expect(widens(narrow, { ...narrow, tools: ["a", "b"] })).toBe(true);
  expect(widens(narrow, { ...narrow, budget: { calls: 11, cents: null } })).toBe(true);
  expect(widens(narrow, { ...narrow, budget: { calls: null, cents: null } })).toBe(true);
  expect(widens(narrow, { ...narrow, budget: { calls: 9, cents: 100 } })).toBe(false);
  expect(widens({ ...narrow, scopes: ["read", "write"], tools: null }, narrow)).toBe(false);
});
