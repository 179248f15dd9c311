import type { AccessKey } from "@agent-personas/shared/api/personas";
import { createId } from "@agent-personas/shared/primitives/id";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { expect, test } from "vitest";
import { callableTools, EXPIRY_NOTICE_MS, keyStatus, sortKeys, toolsByScope, widens } from "./key-view.ts";

const NOW = 1_800_000_000_000;
const key = (changes: Partial<AccessKey> = {}): AccessKey => ({
  keyId: createId("key"),
  personaId: createId("persona"),
  name: "CI",
  prefix: "ap_abc",
  last4: "wxyz",
  scopes: ["read"],
  tools: null,
  deviceId: null,
  state: "active",
  createdAt: 1,
  expiresAt: null,
  lastUsedAt: null,
  lastClient: null,
  leakedAt: null,
  ...changes,
});

const tool = (exposedName: string, riskClass: "read" | "write" | "destructive", policy?: "allow" | "never") => ({
  slotId: "",
  originalName: exposedName,
  exposedName,
  riskClass,
  overrides: {},
  pin: "",
  definition: { name: exposedName, inputSchema: { type: "object" as const } },
  ...(policy !== undefined && { policy }),
});

test("flags a key fourteen days before it expires, not earlier", () => {
  expect(keyStatus(key({ expiresAt: NOW + EXPIRY_NOTICE_MS + 1 }), NOW)).toBe("active");
  expect(keyStatus(key({ expiresAt: NOW + EXPIRY_NOTICE_MS }), NOW)).toBe("expiring");
  expect(keyStatus(key({ expiresAt: NOW }), NOW)).toBe("expired");
});

test("shows a leak before disabled and a dead key before a leak", () => {
  expect(keyStatus(key({ state: "disabled", leakedAt: 1 }), NOW)).toBe("leaked");
  expect(keyStatus(key({ state: "revoked", leakedAt: 1 }), NOW)).toBe("revoked");
  expect(keyStatus(key({ state: "disabled" }), NOW)).toBe("disabled");
});

test("lists dead keys last and newest first", () => {
  const keys = [
    key({ name: "old" }),
    key({ name: "dead", state: "revoked", createdAt: 9 }),
    key({ name: "new", createdAt: 5 }),
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
  const narrow = { scopes: ["read"] as const, tools: ["a"] };
  expect(widens(narrow, { scopes: ["read", "write"], tools: ["a"] })).toBe(true);
  expect(widens(narrow, { scopes: ["read"], tools: null })).toBe(true);
  expect(widens(narrow, { scopes: ["read"], tools: ["a", "b"] })).toBe(true);
  expect(widens({ scopes: ["read", "write"], tools: null }, { scopes: ["read"], tools: ["a"] })).toBe(false);
});
