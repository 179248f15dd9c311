import { isAppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import { pinTool } from "@agent-personas/shared/persona/tool-definition";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";
import { expect, test, vi } from "vitest";
import { authorizeCall } from "./authorize-call.ts";
import { createWorld, type World } from "../test-support/world.ts";

const principal = (changes: Partial<CallPrincipal>): CallPrincipal => ({
  kind: "key",
  id: "key_1",
  client: "test",
  scopes: ["read", "write", "destructive"],
  tools: null,
  ...changes,
});

async function authorize(world: World, changes: Parameters<World["call"]>[0], catchUp = async () => {}) {
  const downstream = {
    ensureListed: () => Promise.resolve(),
    currentDefinition: (_connectionId: string, name: string) => Promise.resolve(world.listed.get(name) ?? null),
    currentItem: (_connectionId: string, kind: string, id: string) =>
      Promise.resolve(world.items.get(`${kind} ${id}`) ?? null),
  };
  return authorizeCall({ db: world.db, downstream, catchUp }, world.call(changes));
}

async function codeOf(result: Promise<unknown>): Promise<string> {
  const error: unknown = await result.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isAppError(error) ? error.code : "none";
}

test("lets a call of an accepted tool pass, to the connection bound here", async () => {
  const world = await createWorld();
  const authorized = await authorize(world, {});
  expect(authorized).toMatchObject({ connectionId: "connection_1", needsGo: false });
});

test("waits for go unless the approved definition says read-only or idempotent", async () => {
  const world = await createWorld();
  const authorized = await authorize(world, { params: { name: "create" } });
  expect(authorized.needsGo).toBe(true);
});

test("refuses a persona that this browser does not know or has deleted", async () => {
  const world = await createWorld();
  expect(await codeOf(authorize(world, { personaId: createId("persona") }))).toBe("persona_not_accepted");
  await world.db.personas.clear();
  expect(await codeOf(authorize(world, {}))).toBe("persona_not_accepted");
});

test("refuses a persona of which nothing was accepted, even active and with tools", async () => {
  const world = await createWorld();
  await world.db.personas.toCollection().modify({ signed: "" });
  expect(await codeOf(authorize(world, {}))).toBe("persona_not_accepted");
});

test("refuses a paused persona", async () => {
  const world = await createWorld();
  await world.accept({ status: "paused" });
  expect(await codeOf(authorize(world, {}))).toBe("persona_paused");
});

test("refuses a version newer than the accepted one", async () => {
  const world = await createWorld();
  expect(await codeOf(authorize(world, { version: 4 }))).toBe("persona_not_accepted");
});

test("goes on with a newer version that was accepted while catching up", async () => {
  const world = await createWorld();
  const authorized = await authorize(world, { version: 4 }, () => world.accept({ version: 4 }));
  expect(authorized.connectionId).toBe("connection_1");
});

test("judges a call by an older version by the accepted one", async () => {
  const world = await createWorld();
  await world.accept({ version: 9, tools: world.accepted.tools.filter((tool) => tool.originalName !== "search") });
  expect(await codeOf(authorize(world, { version: 3 }))).toBe("tool_not_in_persona");
});

test("refuses a tool outside the accepted version, though the app has it", async () => {
  const world = await createWorld();
  const definition = { name: "secret", inputSchema: { type: "object" as const } };
  world.listed.set("secret", { definition, pin: await pinTool(definition) });
  expect(await codeOf(authorize(world, { params: { name: "secret" } }))).toBe("tool_not_in_persona");
});

test("refuses an accepted tool name at another slot, and a name that is no text", async () => {
  const world = await createWorld();
  expect(await codeOf(authorize(world, { slotId: createId("slot") }))).toBe("tool_not_in_persona");
  expect(await codeOf(authorize(world, { params: { name: ["search"] } }))).toBe("tool_not_in_persona");
});

test("refuses a caller without the scope of the tool's class", async () => {
  const world = await createWorld();
  const call = { params: { name: "create" }, principal: principal({ scopes: ["read"] }) };
  expect(await codeOf(authorize(world, call))).toBe("insufficient_scope");
});

test("refuses a tool outside the caller's subset", async () => {
  const world = await createWorld();
  expect(await codeOf(authorize(world, { principal: principal({ tools: ["Notes_create"] }) }))).toBe(
    "tool_not_in_persona",
  );
});

test("refuses a way in that the accepted version does not offer", async () => {
  const world = await createWorld();
  expect(await codeOf(authorize(world, { principal: principal({ kind: "external" }) }))).toBe("forbidden");
  const signedIn = { principal: principal({ kind: "grant" }) };
  await world.accept({ inbound: { accessKeys: true, interactive: false } });
  expect(await codeOf(authorize(world, {}))).toBe("none");
  expect(await codeOf(authorize(world, signedIn))).toBe("forbidden");
  await world.accept({ inbound: { accessKeys: false, interactive: true } });
  expect(await codeOf(authorize(world, {}))).toBe("forbidden");
  expect(await codeOf(authorize(world, signedIn))).toBe("none");
});

test("refuses a tool whose definition is not the approved one, or that its app no longer lists", async () => {
  const world = await createWorld();
  const definition = { name: "search", description: "Changed.", inputSchema: { type: "object" as const } };
  world.listed.set("search", { definition, pin: await pinTool(definition) });
  expect(await codeOf(authorize(world, {}))).toBe("tool_changed");
  world.listed.delete("search");
  expect(await codeOf(authorize(world, {}))).toBe("tool_changed");
});

test("refuses a destructive tool until its person allowed exactly this tool", async () => {
  const world = await createWorld();
  const call = { params: { name: "erase" } };
  expect(await codeOf(authorize(world, call))).toBe("tool_forbidden");
  await world.accept({ tools: world.accepted.tools.map((tool) => ({ ...tool, policy: "allow" as const })) });
  expect(await codeOf(authorize(world, call))).toBe("none");
});

test("refuses a tool that its person set to never", async () => {
  const world = await createWorld();
  await world.accept({ policies: { read: "never", write: "allow", destructive: "never" } });
  expect(await codeOf(authorize(world, {}))).toBe("tool_forbidden");
});

test("refuses a slot that nothing serves here, or a connection at another app", async () => {
  const world = await createWorld();
  await world.db.apps.update("app_1", { url: "https://other.example/mcp" });
  expect(await codeOf(authorize(world, {}))).toBe("app_not_bound");
  await world.db.bindings.clear();
  expect(await codeOf(authorize(world, {}))).toBe("app_not_bound");
});

test("a relay that does not say in time what is newest fails the call, and not the socket with all others", async () => {
  const world = await createWorld();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const asked = Promise.withResolvers<void>();
    const catchUp = (): Promise<void> => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const code = codeOf(authorize(world, { version: 4 }, catchUp));
    await asked.promise;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await code).toBe("relay_unreachable");
  } finally {
    vi.useRealTimers();
  }
});
