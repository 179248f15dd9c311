import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { Caller } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { renderGuide } from "./guide.ts";
import { listedTools } from "./listed-tools.ts";
import { listRecipes } from "./recipes.ts";
import { readableSlots } from "./readable-slots.ts";

const [near, far, closed] = [createId("slot", 1), createId("slot", 2), createId("slot", 3)];
const slot = (slotId: string, appUrl: string, usesForwardedHeaders: boolean) => ({
  slotId,
  appUrl,
  usesForwardedHeaders,
  appName: new URL(appUrl).hostname,
  prefix: "App",
  resources: "all" as const,
});
const recipe = (name: string, tool: string) => ({ name, description: "", text: name, arguments: [], tools: [tool] });
const header = { name: "x-api-key", purpose: "", required: true, value: null };
const version = testVersion(createId("device"), {
  search: { favourites: [] },
  recipes: [recipe("open", "Echo_say"), recipe("inner", "wipe")],
  tools: [testTool("say", "read", { slotId: far }), testTool("wipe", "read", { slotId: closed, exposedName: "wipe" })],
  inbound: { accessKeys: true, interactive: true, passthrough: { headers: [header], jwt: null, scopes: ["read"] } },
  slots: [
    slot(near, "http://192.168.0.7/mcp", true),
    slot(far, "https://far.example/mcp", true),
    slot(closed, "https://closed.example/mcp", false),
  ],
});
const persona = {
  personaId: version.personaId,
  slug: "p",
  ownerId: "user",
  version,
  ...publishTools(version),
};
const callerOf = (principal: Pick<Principal, "kind" | "keyId" | "tools">): Caller => {
  const rest = { id: "id", personaId: version.personaId, executingUserId: "user", deviceId: null };
  return { persona, principal: { ...rest, scopes: ["read"], forwardedHeaders: {}, ...principal } };
};
const slotsOf = (principal: Parameters<typeof callerOf>[0]): string[] => [...readableSlots(callerOf(principal))];
const some = new Set(["Echo_say"]);

test("a key that was made for certain tools reads no resources, also where it was pasted to sign in", () => {
  expect(slotsOf({ kind: "key", keyId: "key", tools: some })).toEqual([]);
  expect(slotsOf({ kind: "grant", keyId: "key", tools: some })).toEqual([]);
  expect(slotsOf({ kind: "grant", keyId: "key", tools: null })).toEqual([near, far, closed]);
  expect(slotsOf({ kind: "grant", keyId: null, tools: some })).toEqual([near, far, closed]);
});

test("strangers without a token are not shown what listens in the owner's network, as with tools", () => {
  expect(slotsOf({ kind: "external", keyId: null, tools: new Set() })).toEqual([far]);
});

test("guide and search name no app that a caller can neither call nor read", () => {
  const stranger = callerOf({ kind: "external", keyId: null, tools: new Set(["Echo_say"]) });
  const narrow = callerOf({ kind: "key", keyId: "key", tools: new Set(["Echo_say"]) });
  for (const caller of [stranger, narrow]) {
    const told = renderGuide(caller) + JSON.stringify(listedTools(caller));
    expect(told).toContain("far.example");
    expect(told).not.toMatch(/closed\.example|192\.168/u);
  }
  expect(renderGuide(callerOf({ kind: "key", keyId: "key", tools: null }))).toContain("closed.example");
});

const recipesOf = (caller: Caller): string[] => listRecipes(caller).map(({ name }) => name);

test("strangers are shown no recipe with tools that are not open to them, others what they miss", () => {
  expect(recipesOf(callerOf({ kind: "external", keyId: null, tools: some }))).toEqual(["open"]);
  expect(recipesOf(callerOf({ kind: "key", keyId: "key", tools: some }))).toEqual(["open", "inner"]);
});
