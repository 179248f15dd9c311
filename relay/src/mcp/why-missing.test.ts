import { createId } from "@agent-personas/shared/primitives/id";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import type { Principal } from "../inbound/principal.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { SLOT_ID, testTool, testVersion } from "../test-support/test-persona.ts";
import { whyMissing } from "./why-missing.ts";

function caller(persona: Partial<PersonaVersion> = {}, principal: Partial<Principal> = {}, client = "test 1") {
  const version = testVersion(createId("device"), persona);
  const { personaId } = version;
  return {
    persona: { personaId, slug: "p", ownerId: "user", version, ...publishTools(version) },
    principal: {
      kind: "key",
      id: "key",
      personaId,
      executingUserId: "user",
      deviceId: null,
      scopes: ["read", "write", "destructive"],
      tools: null,
      keyId: "key",
      forwardedHeaders: {},
      ...principal,
    } satisfies Principal,
    client,
  };
}
const told = (status: AppStatus | null, blocked: [string, "changed" | "removed"][] = []) => ({
  statuses: status === null ? null : new Map([[SLOT_ID, status]]),
  blocked: new Map(blocked),
});
const there = (status: AppStatus = "connected") => told(status);
const blocked = told("connected", [
  ["Echo_say", "changed"],
  ["Echo_post", "removed"],
]);
const many = Array.from({ length: 300 }, (_, index) => testTool(`t${String(index).padStart(3, "0")}`, "read"));

test.each([
  ["it is there", "Echo_say", caller(), there(), "ready", true],
  ["it is the relay's own", "persona_read_more", caller(), told(null), "ready", true],
  ["nobody chose it", "Echo_sai", caller(), there(), "not_selected", false],
  ["the owner said never", "Echo_drop", caller(), there(), "never", false],
  ["the key is narrower", "Echo_say", caller({}, { tools: new Set(["Echo_post"]) }), there(), "outside_subset", false],
  ["the sign-in is", "Echo_say", caller({}, { kind: "grant", tools: new Set() }), there(), "outside_subset", false],
  ["the scope is missing", "Echo_wipe", caller({}, { scopes: ["read"] }), there(), "insufficient_scope", false],
  ["the persona is paused", "Echo_say", caller({ status: "paused" }), there(), "paused", false],
  ["no browser is there", "Echo_say", caller(), told(null), "browser_offline", false],
  ["the app needs a sign-in", "Echo_say", caller(), there("needs_sign_in"), "app_not_ready", false],
  ["its definition changed", "Echo_say", caller(), blocked, "changed", false],
  ["its app removed it", "Echo_post", caller(), blocked, "removed", false],
  ["it is searched for", "Echo_say", caller({ search: { favourites: [] } }), there(), "not_listed", true],
  ["the client takes fewer", "Echo_t299", caller({ tools: many }, {}, "claude-ai 1"), there(), "client_cap", true],
  ["this client takes all", "Echo_t299", caller({ tools: many }), there(), "ready", true],
] as const)("says why: %s", (_because, name, exchange, statuses, reason, callable) => {
  expect(whyMissing(name, exchange, statuses)).toMatchObject({ name, reason, callable });
});

test("names what is near, and only to those who may know of it", () => {
  expect(whyMissing("Echo_sai", caller(), there()).nearest[0]).toBe("Echo_say");
  expect(whyMissing("Echo_sai", caller({}, { tools: new Set(["Echo_post"]) }), there()).nearest).toEqual(["Echo_post"]);
  const stranger = caller({}, { kind: "external", tools: new Set(["Echo_post"]) });
  expect(whyMissing("Echo_say", stranger, there())).toEqual(
    expect.objectContaining({ reason: "not_selected", nearest: ["Echo_post"] }),
  );
  expect(whyMissing("Echo_post", stranger, there("locked")).reason).toBe("ready");
});

test("every reason but ready names a next step", () => {
  const reasons = [
    whyMissing("x", caller(), there()),
    whyMissing("Echo_drop", caller(), there()),
    whyMissing("Echo_say", caller(), told(null)),
    whyMissing("Echo_say", caller(), there("unreachable")),
    whyMissing("Echo_say", caller(), blocked),
    whyMissing("Echo_post", caller(), blocked),
  ];
  for (const { text, next } of reasons) {
    expect(text).toMatch(/^[A-Z].*\.$/u);
    expect(next).toMatch(/^[A-Z].*\.$/u);
  }
});
