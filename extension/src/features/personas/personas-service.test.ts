import { isAppError } from "@agent-personas/shared/errors/app-error";
import { verifyPersona } from "@agent-personas/shared/persona/persona-signature";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { createPersonasService } from "./personas-service.ts";
import { createDraft, createTestBrowser, createTestRelay } from "./test-support/persona-relay.ts";

async function setUp() {
  const relay = createTestRelay();
  const browser = await createTestBrowser(relay);
  return { relay, ...browser, service: createPersonasService(browser.deps) };
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isAppError(error) ? error.code : "none";
};

test("saves a draft as a version signed by this device, accepted and bound here", async () => {
  const { relay, db, own, service } = await setUp();
  const draft = createDraft();
  const saved = await service["personas.save"]({ draft });
  expect(saved).toMatchObject({ slug: "helper-abcdef", version: 1 });
  const stored = relay.personas.get(saved.personaId);
  const version = await verifyPersona(stored?.signed ?? "", own);
  expect(version.tools.map((tool) => tool.exposedName)).toEqual(["Notes_search"]);
  expect((await db.personas.get(saved.personaId))?.accepted).toEqual(version);
  expect(await db.bindings.get([saved.personaId, draft.slots[0]?.slotId ?? ""])).toMatchObject({
    connectionId: "connection_1",
  });
});

test("refuses a persona that nobody could reach and says what to choose", async () => {
  const { relay, service } = await setUp();
  const draft = { ...createDraft(), inbound: { accessKeys: false, interactive: false } };
  await expect(service["personas.save"]({ draft })).rejects.toThrow("choose at least one way in");
  expect(relay.personas.size).toBe(0);
});

test("saves passthrough with the apps that are open to it, and only with one", async () => {
  const { db, service } = await setUp();
  const passthrough = {
    headers: [{ name: "x-key", purpose: "", required: true, value: null }],
    jwt: null,
    scopes: ["read" as const],
  };
  const draft = { ...createDraft(), inbound: { accessKeys: false, interactive: false, passthrough } };
  await expect(service["personas.save"]({ draft })).rejects.toThrow("choose at least one app");
  const marked = { ...draft, slots: draft.slots.map((slot) => ({ ...slot, usesForwardedHeaders: true })) };
  const { personaId } = await service["personas.save"]({ draft: marked });
  expect((await db.personas.get(personaId))?.accepted).toMatchObject({
    inbound: { passthrough },
    slots: [{ usesForwardedHeaders: true }],
  });
});

test("writes nothing here while the relay is down", async () => {
  const { relay, db, service } = await setUp();
  relay.setDown(true);
  expect(await codeOf(service["personas.save"]({ draft: createDraft() }))).toBe("relay_unreachable");
  expect(await db.personas.count()).toBe(0);
  expect(await db.bindings.count()).toBe(0);
});

test("refuses a draft that was begun from another version than the newest", async () => {
  const { service } = await setUp();
  const draft = createDraft();
  const { personaId } = await service["personas.save"]({ draft });
  const edit = { ...draft, personaId, baseVersion: 1 };
  await service["personas.save"]({ draft: { ...edit, name: "First" } });
  expect(await codeOf(service["personas.save"]({ draft: { ...edit, name: "Second" } }))).toBe("persona_conflict");
});

test("keeps exposed names through an edit, renames them with their prefix, and unbinds slots that go", async () => {
  const { db, service } = await setUp();
  const draft = createDraft();
  const slot = draft.slots[0] ?? null;
  if (slot === null) throw new Error("no slot");
  const { personaId } = await service["personas.save"]({ draft });
  await db.personas.toCollection().modify((row) => {
    const [tool] = row.accepted.tools;
    if (tool !== undefined) tool.exposedName = "Learnt_name";
  });
  const second = createId("slot");
  const wider = {
    ...draft,
    personaId,
    baseVersion: 1,
    slots: [slot, { ...slot, slotId: second, prefix: "Other" }],
    tools: [...draft.tools, { slotId: second, originalName: "erase", riskClass: "write" as const, overrides: {} }],
  };
  await service["personas.save"]({ draft: wider });
  const names = async () => (await db.personas.get(personaId))?.accepted.tools.map((tool) => tool.exposedName);
  expect(await names()).toEqual(["Learnt_name", "Other_erase"]);
  await service["personas.save"]({
    draft: { ...wider, baseVersion: 2, slots: [{ ...slot, prefix: "Wiki" }], tools: draft.tools },
  });
  expect(await names()).toEqual(["Wiki_search"]);
  expect(await db.bindings.count()).toBe(1);
});

test("refuses names that collide without prefixes, and previews them", async () => {
  const { service } = await setUp();
  const slotId = createId("slot");
  const base = createDraft();
  const [slot] = base.slots;
  const draft = createDraft({
    prefixing: false,
    slots: [...base.slots, { appId: "app_1", connectionId: "connection_1", prefix: "Two", slotId }],
    tools: [
      { slotId: slot?.slotId ?? "", originalName: "search", riskClass: "read", overrides: {} },
      { slotId, originalName: "search", riskClass: "read", overrides: {} },
    ],
  });
  expect(await codeOf(service["personas.save"]({ draft }))).toBe("invalid_request");
  expect((await service["personas.preview-names"]({ draft })).collisions).toEqual(["search"]);
});

test("approves no changed definition by the way, and exactly the one that the person saw", async () => {
  const { db, service, list } = await setUp();
  const draft = createDraft();
  const { personaId } = await service["personas.save"]({ draft });
  const before = (await db.personas.get(personaId))?.accepted.tools[0]?.pin;
  const changed = await list({ name: "search", description: "Changed.", inputSchema: { type: "object" } });
  const edit = { ...draft, personaId, baseVersion: 1 };
  await service["personas.save"]({ draft: { ...edit, name: "Renamed" } });
  expect((await db.personas.get(personaId))?.accepted.tools[0]?.pin).toBe(before);
  const withPin = (pin: string) => ({
    ...edit,
    baseVersion: 2,
    tools: draft.tools.map((tool) => ({ ...tool, pin })),
  });
  expect(await codeOf(service["personas.save"]({ draft: withPin("0".repeat(64)) }))).toBe("tool_changed");
  await service["personas.save"]({ draft: withPin(changed) });
  expect((await db.personas.get(personaId))?.accepted.tools[0]?.pin).toBe(changed);
});

test("refuses a tool that its app does not list and a connection of another app", async () => {
  const { db, service } = await setUp();
  const draft = createDraft();
  const tools = draft.tools.map((tool) => ({ ...tool, originalName: "nothing" }));
  expect(await codeOf(service["personas.save"]({ draft: { ...draft, tools } }))).toBe("tool_not_in_persona");
  await db.connections.update("connection_1", { appId: "app_2" });
  expect(await codeOf(service["personas.save"]({ draft }))).toBe("app_not_bound");
});

test("pauses and resumes by a new signed version that keeps everything else", async () => {
  const { relay, db, own, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  await service["personas.set-status"]({ personaId, status: "paused" });
  const row = await db.personas.get(personaId);
  expect(row?.accepted).toMatchObject({ version: 2, status: "paused", name: "Helper" });
  const stored = await verifyPersona(relay.personas.get(personaId)?.signed ?? "", own);
  expect(stored.status).toBe("paused");
  expect(await db.bindings.count()).toBe(1);
});

test("deletes at the relay first, and here also when it is gone there already", async () => {
  const { relay, db, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  relay.setDown(true);
  expect(await codeOf(service["personas.delete"]({ personaId }))).toBe("relay_unreachable");
  expect(await db.personas.count()).toBe(1);
  relay.setDown(false);
  relay.personas.clear();
  await service["personas.delete"]({ personaId });
  expect(await db.personas.count()).toBe(0);
  expect(await db.bindings.count()).toBe(0);
});

test("binds a slot only to a connection of the slot's app", async () => {
  const { db, service } = await setUp();
  const draft = createDraft();
  const { personaId } = await service["personas.save"]({ draft });
  const slotId = draft.slots[0]?.slotId ?? "";
  await db.bindings.clear();
  await service["personas.bind"]({ personaId, slotId, connectionId: "connection_1" });
  expect(await db.bindings.count()).toBe(1);
  await db.apps.update("app_1", { url: "https://other.example/mcp" });
  const bind = service["personas.bind"]({ personaId, slotId, connectionId: "connection_1" });
  expect(await codeOf(bind)).toBe("app_not_bound");
});
