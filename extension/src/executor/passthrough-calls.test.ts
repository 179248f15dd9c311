import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Passthrough, PassthroughHeader } from "@agent-personas/shared/persona/passthrough";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Call, CallPrincipal } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { createWorld, NOTES_URL, type World } from "../test-support/world.ts";
import { authorizeCall } from "./authorize-call.ts";

const caller: CallPrincipal = { kind: "external", id: "external_1", client: "test", scopes: ["read"], tools: null };

const asked = (name: string, required = true): PassthroughHeader => ({ name, purpose: "", required, value: null });

const jwt: Passthrough["jwt"] = {
  keys: { from: "url", url: "https://login.example/keys" },
  issuer: "https://login.example",
  audience: null,
};

type Offer = { passthrough?: Partial<Passthrough>; usesForwardedHeaders?: boolean; appUrl?: string };

/** A world whose persona is open to passthrough callers, by default with one required header and no token check. */
async function offering({ passthrough = {}, usesForwardedHeaders = true, appUrl = NOTES_URL }: Offer = {}) {
  const world = await createWorld();
  const inbound = { headers: [asked("x-notes-token")], jwt: null, scopes: ["read" as const], ...passthrough };
  await world.db.apps.update("app_1", { url: appUrl });
  await world.accept({
    inbound: { accessKeys: true, interactive: true, passthrough: inbound },
    slots: world.accepted.slots.map((slot) => ({ ...slot, appUrl, usesForwardedHeaders })),
  });
  return world;
}

const brought = { "x-notes-token": "brought-along" };

async function authorize(world: World, changes: Partial<Call> = {}) {
  const downstream = {
    ensureListed: () => Promise.resolve(),
    currentDefinition: (_connectionId: string, name: string) => Promise.resolve(world.listed.get(name) ?? null),
    currentItem: (_connectionId: string, kind: string, id: string) =>
      Promise.resolve(world.items.get(`${kind} ${id}`) ?? null),
  };
  const call = world.call({ principal: caller, forwardedHeaders: brought, ...changes });
  return authorizeCall({ db: world.db, downstream, catchUp: async () => {} }, call);
}

async function faultOf(result: Promise<unknown>): Promise<{ code: string; problem: string | undefined }> {
  const error: unknown = await result.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isAppError(error)
    ? { code: error.code, problem: error.detail["problem"] }
    : { code: "none", problem: undefined };
}

test("a passthrough call takes along what its persona lists, and nothing else", async () => {
  const world = await offering({ passthrough: { headers: [asked("x-notes-token"), asked("authorization")] } });
  const headers = { ...brought, Authorization: "Bearer foreign", "x-other": "1", cookie: "a=b", "mcp-session-id": "s" };
  expect((await authorize(world, { forwardedHeaders: headers })).forwardedHeaders).toEqual({
    "x-notes-token": "brought-along",
    authorization: "Bearer foreign",
  });
});

test("a fixed value is this device's, whatever the caller sends under that name", async () => {
  const fixed: PassthroughHeader = { name: "x-tenant", purpose: "Tenant", required: true, value: "acme" };
  const world = await offering({ passthrough: { headers: [asked("x-notes-token"), fixed] } });
  const forged = { ...brought, "x-tenant": "other" };
  expect((await authorize(world, { forwardedHeaders: forged })).forwardedHeaders).toEqual({
    ...brought,
    "x-tenant": "acme",
  });
});

test("without a token every listed header must be there, with one only the required ones", async () => {
  const headers = [asked("x-notes-token"), asked("x-trace", false)];
  const open = await offering({ passthrough: { headers } });
  expect(await faultOf(authorize(open))).toEqual({ code: "invalid_request", problem: "the header x-trace is missing" });
  const checked = await offering({ passthrough: { headers, jwt } });
  expect((await authorize(checked)).forwardedHeaders).toEqual(brought);
  expect(await faultOf(authorize(checked, { forwardedHeaders: { "x-trace": "1" } }))).toEqual({
    code: "invalid_request",
    problem: "the header x-notes-token is missing",
  });
});

test("a value that would break out of its header is refused, and is not in the fault", async () => {
  const world = await offering();
  const fault = await faultOf(authorize(world, { forwardedHeaders: { "x-notes-token": "a\r\nhost: evil" } }));
  expect(fault.code).toBe("invalid_request");
  expect(fault.problem).not.toContain("evil");
});

test("calls by key or sign-in use the stored credential, even when headers come along", async () => {
  const world = await offering();
  for (const kind of ["key", "grant"] as const) {
    expect((await authorize(world, { principal: { ...caller, kind } })).forwardedHeaders).toBeNull();
  }
});

test("refuses a passthrough caller where the accepted version offers no passthrough", async () => {
  const world = await createWorld();
  expect((await faultOf(authorize(world))).code).toBe("forbidden");
});

test("an app that is not marked does not exist for a passthrough caller", async () => {
  const world = await offering({ usesForwardedHeaders: false });
  expect((await faultOf(authorize(world))).code).toBe("tool_not_in_persona");
  expect((await authorize(world, { principal: { ...caller, kind: "key" } })).connectionId).toBe("connection_1");
});

test("without a token check, apps of this computer and its network are out of reach", async () => {
  for (const appUrl of ["http://127.0.0.1:3000/mcp", "http://10.1.2.3/mcp", "http://[fe80::1]/mcp", "http://nas/mcp"]) {
    expect((await faultOf(authorize(await offering({ appUrl })))).code).toBe("tool_not_in_persona");
    const checked = await offering({ appUrl, passthrough: { jwt } });
    expect((await authorize(checked)).forwardedHeaders).toEqual(brought);
  }
});

test("a relay cannot give a passthrough caller more scopes than the accepted version does", async () => {
  const world = await offering();
  const everything: CallPrincipal = { ...caller, scopes: ["read", "write", "destructive"] };
  expect((await faultOf(authorize(world, { principal: everything, params: { name: "create" } }))).code).toBe(
    "insufficient_scope",
  );
  const wider = await offering({ passthrough: { scopes: ["read", "write"] } });
  expect((await authorize(wider, { principal: everything, params: { name: "create" } })).needsGo).toBe(true);
  expect((await faultOf(authorize(wider, { params: { name: "create" } }))).code).toBe("insufficient_scope");
});

test("a foreign slot id does not lend its mark to another app's tool", async () => {
  const world = await offering({ usesForwardedHeaders: false });
  const slotId = createId("slot");
  const marked = { slotId, appUrl: "https://open.example/mcp", appName: "Open", prefix: "Open" };
  const row = await world.db.personas.get(world.accepted.personaId);
  await world.accept({ ...row?.accepted, slots: [...world.accepted.slots, { ...marked, usesForwardedHeaders: true }] });
  expect((await faultOf(authorize(world))).code).toBe("tool_not_in_persona");
  expect((await faultOf(authorize(world, { slotId }))).code).toBe("tool_not_in_persona");
});
