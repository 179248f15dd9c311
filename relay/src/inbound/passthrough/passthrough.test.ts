import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createForeignIssuer, type ForeignIssuer } from "../../test-support/foreign-issuer.ts";
import { createOwner, type Owner } from "../../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../../test-support/prepared-relay.ts";
import { connectDevice, deliver, textOutcome, type DeviceSocket } from "../../test-support/test-device.ts";
import { SLOT_ID, testTool } from "../../test-support/test-persona.ts";
import { issueTestToken } from "../../test-support/test-token.ts";

let owner: Owner;
let relay: PreparedRelay;
let issuer: ForeignIssuer;
const sockets: DeviceSocket[] = [];

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  issuer = await createForeignIssuer();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

const asked = (name: string, required = true) => ({ name, purpose: "", required, value: null });
const OTHER_SLOT = createId("slot", 2);
const LOCAL_SLOT = createId("slot", 3);
const slot = (slotId: string, appUrl: string, prefix: string, usesForwardedHeaders = false) => ({
  slotId,
  appUrl,
  appName: prefix,
  prefix,
  ...(usesForwardedHeaders && { usesForwardedHeaders }),
});
const SLOTS = [
  slot(SLOT_ID, "https://echo.example/mcp", "Echo", true),
  slot(OTHER_SLOT, "https://stored.example/mcp", "Stored"),
  slot(LOCAL_SLOT, "http://127.0.0.1:9/mcp", "Local", true),
];
const TOOLS = [
  testTool("say", "read"),
  testTool("post", "write"),
  testTool("wipe", "destructive", { policy: "allow" }),
  testTool("look", "read", { slotId: OTHER_SLOT, exposedName: "Stored_look" }),
  testTool("peek", "read", { slotId: LOCAL_SLOT, exposedName: "Local_peek" }),
];

function passthrough(change: Partial<Passthrough> = {}): Passthrough {
  return {
    headers: [asked("x-api-key")],
    jwt: { keys: { from: "inline", jwks: issuer.jwks }, issuer: issuer.issuer, audience: null },
    scopes: ["read", "write"],
    ...change,
  };
}

async function publish(change: Partial<Passthrough> = {}, version: Partial<PersonaVersion> = {}) {
  const inbound = { accessKeys: true, interactive: true, passthrough: passthrough(change) };
  const { slug, personaId } = await owner.publish({ inbound, slots: SLOTS, tools: TOOLS, ...version });
  const url = `${relay.url}/x/${slug}/mcp`;
  return { slug, personaId, url, audience: `${relay.config.publicUrl}/x/${slug}/mcp` };
}

async function connect(): Promise<Call[]> {
  const calls: Call[] = [];
  const socket = await connectDevice(owner.device, {
    url: relay.url,
    publicUrl: relay.config.publicUrl,
    onCall: (call, to) => {
      calls.push(call);
      queueMicrotask(() => deliver(to, call, textOutcome("done")));
      return { accepted: true, needsGo: false };
    },
  });
  sockets.push(socket);
  return calls;
}

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const answerSchema = z.looseObject({
  result: z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })).optional() }).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

async function send(url: string, headers: Record<string, string>, method = "tools/list", params = {}) {
  const name = z.looseObject({ name: z.string() }).safeParse(params).data?.name;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "mcp-protocol-version": MODERN_PROTOCOL,
      "mcp-method": method,
      ...(name !== undefined && { "mcp-name": name }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } }),
  });
  const text = await response.text();
  const body = answerSchema.parse(JSON.parse(/^data: (.+)$/mu.exec(text)?.[1] ?? text));
  return {
    status: response.status,
    tools: body.result?.tools?.map((tool) => tool.name),
    message: body.error?.message ?? "",
    challenge: response.headers.get("www-authenticate"),
    result: body.result,
  };
}

test("a foreign token opens the persona, and the listed headers reach the device, nothing else", async () => {
  const { url, audience } = await publish();
  const calls = await connect();
  const token = await issuer.token({ aud: audience });
  const { status } = await send(
    url,
    { authorization: `Bearer ${token}`, "x-api-key": "canary-of-caller", "x-other": "no", cookie: "a=b" },
    "tools/call",
    { name: "Echo_say" },
  );
  expect(status).toBe(200);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    slotId: SLOT_ID,
    forwardedHeaders: { "x-api-key": "canary-of-caller" },
    principal: { kind: "external", scopes: ["read", "write"] },
  });
  expect(Object.keys(calls[0]?.forwardedHeaders ?? {})).toEqual(["x-api-key"]);
  expect(JSON.stringify(calls[0])).not.toContain(token);
});

/** Always listed. */
const OWN = ["persona_account_info", "persona_read_more", "persona_wait_for_call"];
const now = (): number => Math.floor(Date.now() / 1_000);

test("a token is refused by the check that it fails, and by that alone", async () => {
  const { url, audience } = await publish();
  const other = await createForeignIssuer();
  const good = { aud: audience };
  const pem = JSON.stringify(issuer.jwks.keys[0]);
  const hmac = await new SignJWT({ ...good, iss: issuer.issuer, sub: "agent-7", exp: now() + 60 })
    .setProtectedHeader({ alg: "HS256", kid: issuer.kid })
    .sign(new TextEncoder().encode(pem));
  const none = new UnsecuredJWT({ ...good, iss: issuer.issuer, sub: "agent-7", exp: now() + 60 }).encode();
  const tokens: [string, string][] = [
    [none, "not a signed token"],
    [hmac, "algorithm is not accepted"],
    ["something", "not a signed token"],
    [await issuer.token(good, { kid: "unknown" }), "None of the issuer's keys"],
    [await other.token(good), "signature does not fit"],
    [await issuer.token({ ...good, exp: now() - 61 }), "has expired"],
    [await issuer.token({ ...good, exp: undefined }), "no time of expiry"],
    [await issuer.token({ ...good, nbf: now() + 90 }), "not valid yet"],
    [await issuer.token({ ...good, iss: "https://evil.example" }), "of another issuer"],
    [await issuer.token({ ...good, iss: undefined }), "of another issuer"],
    [await issuer.token({ aud: audience.replace("/x/", "/p/") }), "for another audience"],
    [await issuer.token({ aud: `${audience}2` }), "for another audience"],
    [await issuer.token({}), "for another audience"],
    [await issuer.token({ ...good, sub: undefined }), "no subject"],
    [await issuer.token({ ...good, sub: "" }), "no subject"],
  ];
  const metadata = `${relay.config.publicUrl}/.well-known/oauth-protected-resource${new URL(audience).pathname}`;
  for (const [token, reason] of tokens) {
    const answer = await send(url, { authorization: `Bearer ${token}`, "x-api-key": "value" });
    expect([reason, answer.status]).toEqual([reason, 401]);
    expect(answer.message).toContain(reason);
    expect(answer.message).not.toContain(token);
    expect(answer.challenge).toContain('Bearer error="invalid_token"');
    expect(answer.challenge).toContain(`resource_metadata="${metadata}"`);
    expect(answer.challenge).not.toContain("scope=");
  }
  for (const skew of [{ exp: now() - 50 }, { nbf: now() + 50 }, { aud: ["https://other.example", audience] }]) {
    const token = await issuer.token({ ...good, ...skew });
    expect((await send(url, { authorization: `Bearer ${token}`, "x-api-key": "value" })).status).toBe(200);
  }
});

test("issuer and audience are those of the settings; no issuer set is any", async () => {
  const jwt = {
    keys: { from: "inline" as const, jwks: issuer.jwks },
    issuer: null,
    audience: "https://api.example/agents",
  };
  const { url, audience } = await publish({ jwt });
  const ask = async (claims: Record<string, string>) =>
    (await send(url, { authorization: `Bearer ${await issuer.token(claims)}`, "x-api-key": "value" })).status;
  expect(await ask({ aud: "https://api.example/agents", iss: "anybody" })).toBe(200);
  expect(await ask({ aud: audience })).toBe(401);
  // Even when the owner points at this very relay's keys.
  expect(await ask({ aud: "https://api.example/agents", iss: relay.config.publicUrl })).toBe(401);
});

test("keys and tokens of this relay open nothing here, and foreign tokens nothing elsewhere", async () => {
  const { url, slug, personaId, audience } = await publish({ headers: [asked("x-api-key"), asked("authorization")] });
  const { secret } = await owner.key(personaId);
  const own = await issueTestToken(owner.store, relay.config.publicUrl, {
    personaId,
    userId: owner.userId,
    audience: `${relay.config.publicUrl}/p/${slug}/mcp`,
  });
  const foreign = await issuer.token({ aud: audience });
  for (const credential of [secret, own]) {
    const answer = await send(url, { authorization: `Bearer ${credential}`, "x-api-key": "value" });
    expect([answer.status, answer.message]).toEqual([401, expect.stringContaining("of this relay are not accepted")]);
    const hidden = [
      `Token ${credential}`,
      `Basic ${Buffer.from(`user:${credential}`).toString("base64")}`,
      `${`${foreign} `.repeat(5)}${credential}`,
    ];
    for (const value of hidden) {
      const smuggled = await send(url, { authorization: `Bearer ${foreign}`, "x-api-key": value });
      expect(smuggled.status).toBe(401);
      expect(smuggled.message).not.toContain(credential);
    }
  }
  for (const path of [`/p/${slug}/mcp`, `/k/${slug}/mcp`, "/mcp", "/"]) {
    const answer = await send(`${relay.url}${path}`, { authorization: `Bearer ${foreign}`, "x-api-key": "value" });
    expect([path, answer.status]).toEqual([path, 401]);
  }
  expect((await send(`${relay.url}/p/${slug}/mcp`, { authorization: `Bearer ${own}` })).status).toBe(200);
});

test("with a token only the required headers must be there, and only listed ones go on, fixed ones never", async () => {
  const fixed = { name: "x-tenant", purpose: "", required: true, value: "tenant-1" };
  const { url, audience } = await publish({ headers: [asked("x-api-key"), asked("x-trace", false), fixed] });
  const calls = await connect();
  const authorization = `Bearer ${await issuer.token({ aud: audience })}`;
  const call = (headers: Record<string, string>) =>
    send(url, { authorization, ...headers }, "tools/call", { name: "Echo_say" });
  expect(await call({ "x-trace": "t" })).toMatchObject({
    status: 401,
    message: expect.stringContaining("The header x-api-key is missing."),
  });
  await call({ "X-API-Key": "a", "x-tenant": "tenant-2" });
  await call({ "x-api-key": "b", "x-trace": "t" });
  expect(calls.map(({ forwardedHeaders }) => forwardedHeaders)).toEqual([
    { "x-api-key": "a" },
    { "x-api-key": "b", "x-trace": "t" },
  ]);
});

test("the foreign Authorization header goes on only where the persona lists it", async () => {
  const { url, audience } = await publish({ headers: [asked("authorization")] });
  const calls = await connect();
  const authorization = `Bearer ${await issuer.token({ aud: audience })}`;
  await send(url, { authorization, "x-api-key": "a" }, "tools/call", { name: "Echo_say" });
  expect(calls[0]?.forwardedHeaders).toEqual({ authorization });
});

test("without a token every listed header must be there, and nothing in the owner's network is reached", async () => {
  const { url } = await publish({ jwt: null, headers: [asked("x-api-key"), asked("authorization", false)] });
  const calls = await connect();
  const complete = { "x-api-key": "a", authorization: "Basic YTpi" };
  for (const headers of [{}, { "x-api-key": "a" }, { "x-api-key": "", authorization: "Basic YTpi" }]) {
    const answer = await send(url, headers);
    expect([answer.status, answer.challenge?.includes("resource_metadata")]).toEqual([401, false]);
    expect(answer.message).toContain("is missing.");
  }
  expect((await send(url, complete)).tools).toEqual(["Echo_post", "Echo_say", ...OWN]);
  const local = await send(url, complete, "tools/call", { name: "Local_peek" });
  expect(local.result).toMatchObject({ isError: true });
  expect(JSON.stringify(local.result)).toContain("tool_not_in_persona");
  await send(url, complete, "tools/call", { name: "Echo_say" });
  expect(calls).toHaveLength(1);
  expect(calls[0]?.forwardedHeaders).toEqual(complete);
});

test("callers see and reach tools of apps that take their headers, within the scopes of the persona", async () => {
  const { url, audience } = await publish({ scopes: ["read"] });
  const headers = { authorization: `Bearer ${await issuer.token({ aud: audience })}`, "x-api-key": "a" };
  const calls = await connect();
  expect((await send(url, headers)).tools).toEqual(["Echo_say", "Local_peek", ...OWN]);
  const stored = await send(url, headers, "tools/call", { name: "Stored_look" });
  expect(JSON.stringify(stored.result)).toContain("tool_not_in_persona");
  const beyond = await send(url, headers, "tools/call", { name: "Echo_post" });
  expect([beyond.status, beyond.challenge]).toEqual([403, expect.stringContaining('error="insufficient_scope"')]);
  expect(beyond.challenge).not.toContain("scope=");
  expect(beyond.message).toContain("The persona's owner decides");
  expect(calls).toEqual([]);
});

test("an address without a persona and one of a persona without passthrough answer alike", async () => {
  const { slug } = await owner.publish();
  const token = await issuer.token({ aud: "anything" });
  for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
    const answers = await Promise.all(
      [slug, "nothing-abcdef"].map((at) => send(`${relay.url}/x/${at}/mcp`, { ...headers, "x-api-key": "a" })),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, message: expect.stringContaining("Nothing at this address") });
  }
});

test("a paused persona lists its tools and says at a call that it is paused", async () => {
  const { url, audience } = await publish({}, { status: "paused" });
  expect((await send(url, {})).status).toBe(401);
  const headers = { authorization: `Bearer ${await issuer.token({ aud: audience })}`, "x-api-key": "a" };
  expect((await send(url, headers)).tools).toHaveLength(6);
  const called = await send(url, headers, "tools/call", { name: "Echo_say" });
  expect(JSON.stringify(called.result)).toContain("persona_paused");
});

const clientInfo = { name: "test", version: "1" };
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
};

/** A caller in the revisions with sessions; every request has a token of its own. */
function inSessions({ url, audience }: { url: string; audience: string }) {
  const post = async (sub: string, body: unknown, session?: string): Promise<Response> => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await issuer.token({ aud: audience, sub, jti: crypto.randomUUID() })}`,
        "x-api-key": "a",
        ...(session !== undefined && { "mcp-session-id": session }),
      },
      body: JSON.stringify(body),
    });
    await response.text();
    return response;
  };
  return {
    open: async (sub: string): Promise<string> => (await post(sub, INITIALIZE)).headers.get("mcp-session-id") ?? "",
    list: async (sub: string, session: string): Promise<number> =>
      (await post(sub, { jsonrpc: "2.0", id: 2, method: "tools/list" }, session)).status,
  };
}

test("a session belongs to the subject that opened it, whichever of its tokens comes", async () => {
  const { open, list } = inSessions(await publish());
  const session = await open("agent-7");
  expect([await list("agent-7", session), await list("agent-8", session)]).toEqual([200, 404]);
});

test("one caller's sessions are few, and beyond them only its own end", async () => {
  await relay[Symbol.asyncDispose]();
  relay = await startPreparedRelay(owner.store, { env: { SESSION_LIMIT: "40" } });
  const { open, list } = inSessions(await publish());
  const other = await open("agent-8");
  const sessions = [await open("agent-7"), await open("agent-7"), await open("agent-7")];
  expect(await Promise.all(sessions.map((session) => list("agent-7", session)))).toEqual([404, 200, 200]);
  expect(await list("agent-8", other)).toBe(200);
});

test("however many callers come, the sessions of keys stay", async () => {
  await relay[Symbol.asyncDispose]();
  relay = await startPreparedRelay(owner.store, { env: { SESSION_LIMIT: "10" } });
  const persona = await publish();
  const { secret } = await owner.key(persona.personaId);
  const byKey = async (body: unknown, session?: string): Promise<Response> =>
    fetch(`${relay.url}/p/${persona.slug}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${secret}`,
        ...(session !== undefined && { "mcp-session-id": session }),
      },
      body: JSON.stringify(body),
    });
  const session = (await byKey(INITIALIZE)).headers.get("mcp-session-id") ?? "";
  const { open, list } = inSessions(persona);
  const opened: string[] = [];
  for (let n = 0; n < 12; n += 1) opened.push(await open(`agent-${n}`));
  expect((await byKey({ jsonrpc: "2.0", id: 2, method: "tools/list" }, session)).status).toBe(200);
  const statuses = await Promise.all(opened.map((id, n) => list(`agent-${n}`, id)));
  expect(statuses.filter((status) => status === 200)).toHaveLength(2);
});

test("callers of one persona differ by issuer and subject, and from those of another persona", async () => {
  const calls = await connect();
  const jwt = { keys: { from: "inline" as const, jwks: issuer.jwks }, issuer: null, audience: "https://api.example" };
  const [one, other] = [await publish({ jwt }), await publish({ jwt })];
  const call = async (url: string, claims: Record<string, string>) => {
    const authorization = `Bearer ${await issuer.token({ aud: "https://api.example", ...claims })}`;
    await send(url, { authorization, "x-api-key": "a" }, "tools/call", { name: "Echo_say" });
  };
  await call(one.url, { sub: "a" });
  await call(one.url, { sub: "a", jti: "again" });
  await call(one.url, { sub: "b" });
  await call(one.url, { sub: "a", iss: "https://second.example" });
  await call(other.url, { sub: "a" });
  const [first, ...rest] = calls.map(({ principal }) => principal.id);
  expect(rest[0]).toBe(first);
  expect(new Set([first, ...rest]).size).toBe(4);
});
