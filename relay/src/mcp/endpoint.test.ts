import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { setTimeout } from "node:timers/promises";
import { REQUEST_BYTES } from "@agent-personas/shared/mcp/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";

let owner: Owner;
let relay: PreparedRelay;
let slug: string;
let personaId: string;
let secret: string;
let endpoint: string;

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  ({ slug, personaId } = await owner.publish());
  ({ secret } = await owner.key(personaId));
  endpoint = `${relay.url}/p/${slug}/mcp`;
});
afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

const TYPE = { "content-type": "application/json" };
const bearer = (key = secret) => ({ authorization: `Bearer ${key}` });
const rpc = (method: string, params?: unknown, id = 1) => ({
  jsonrpc: "2.0",
  id,
  method,
  ...(params !== undefined && { params }),
});
const post = (body: unknown, headers: Record<string, string> = {}, url = endpoint): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { ...TYPE, ...bearer(), ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const read = async (response: Response): Promise<unknown> => JSON.parse(await response.text());
const error = (code: number, message: unknown, data?: unknown) => ({
  jsonrpc: "2.0",
  id: null,
  error: { code, message, ...(data !== undefined && { data }) },
});
const initialize = (protocolVersion = "2025-11-25") =>
  rpc("initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "test", version: "1" } });
const sessionOf = async (headers: Record<string, string> = {}, version?: string): Promise<string> => {
  const response = await post(initialize(version), headers);
  await response.text();
  return response.headers.get("mcp-session-id") ?? "";
};
const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const modern = (method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  post(rpc(method, { ...params, _meta: MODERN }), {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof params["name"] === "string" && { "mcp-name": params["name"] }),
    ...headers,
  });

test("asks for a credential on every method and address, and says where to sign in only where one can", async () => {
  const open = await owner.publish({ inbound: { accessKeys: true, interactive: true } });
  const metadata = `${relay.config.publicUrl}/.well-known/oauth-protected-resource`;
  const signIn = (path: string) => `Bearer resource_metadata="${metadata}${path}", scope="read write"`;
  const challenges: [string, string][] = [
    [endpoint, "Bearer"],
    [`${relay.url}/k/${slug}/mcp`, "Bearer"],
    [`${relay.url}/k/${open.slug}/mcp`, "Bearer"],
    [`${relay.url}/p/nothing-abcdef/mcp`, "Bearer"],
    [`${relay.url}/p/${open.slug}/mcp`, signIn(`/p/${open.slug}/mcp`)],
    [`${relay.url}/mcp`, signIn("/mcp")],
    [relay.url, signIn("")],
  ];
  for (const [url, challenge] of challenges) {
    for (const method of ["GET", "HEAD", "POST", "DELETE", "PUT"]) {
      const response = await fetch(url, { method, ...(method === "POST" && { headers: TYPE, body: "{}" }) });
      expect([url, method, response.status]).toEqual([url, method, 401]);
      expect([url, response.headers.get("www-authenticate")]).toEqual([url, challenge]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  }
});

test("says what is wrong with a credential that was sent", async () => {
  const response = await post(initialize(), bearer("ap_nonsense"));
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe(
    'Bearer error="invalid_token", error_description="This access key is not known to this relay."',
  );
  expect(await read(response)).toEqual(
    error(-32_000, expect.stringContaining("This access key is not known to this relay."), {
      code: "invalid_token",
      requestId: expect.any(String),
    }),
  );
});

test("answers 401 from the next request after a key was revoked", async () => {
  expect((await post(initialize())).status).toBe(200);
  await owner.store.db.updateTable("access_keys").set({ revoked_at: 1 }).execute();
  const response = await post(initialize());
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toContain("This access key was revoked.");
});

test("a key that is revoked while the body is still on its way opens nothing", async () => {
  const session = await sessionOf();
  const body = JSON.stringify(rpc("tools/list"));
  const headers = { ...TYPE, ...bearer(), "mcp-session-id": session, "content-length": String(body.length) };
  const request = httpRequest(endpoint, { method: "POST", headers });
  const answered = once(request, "response");
  request.write(body.slice(0, 5));
  await setTimeout(400);
  await owner.store.db.updateTable("access_keys").set({ revoked_at: 1 }).execute();
  request.end(body.slice(5));
  const [response] = await answered;
  response.resume();
  expect(response.statusCode).toBe(401);
});

test("refuses a key in the query string", async () => {
  const response = await fetch(`${endpoint}?key=${secret}`, { method: "POST", headers: TYPE, body: "{}" });
  expect(response.status).toBe(400);
  expect(await read(response)).toMatchObject({ error: { data: { code: "key_in_query" } } });
});

test("knows no persona but the key's own", async () => {
  const other = await owner.publish();
  for (const path of [`/p/${other.slug}/mcp`, `/k/${other.slug}/mcp`, "/p/nothing-abcdef/mcp"]) {
    const response = await post(initialize(), {}, relay.url + path);
    expect(response.status).toBe(404);
    expect(await read(response)).toMatchObject({ error: { code: -32_000, data: { code: "persona_not_found" } } });
  }
  for (const path of [`/k/${slug}/mcp`, "/mcp", "/", ""]) {
    expect((await post(initialize(), {}, relay.url + path)).status).toBe(200);
  }
});

test("refuses a body of 10 MB before it looks at the credential, and a large one without a length", async () => {
  const big = JSON.stringify({ text: "x".repeat(10_000_000) });
  for (const headers of [{}, { authorization: "" }]) {
    const response = await post(big, headers);
    expect(response.status).toBe(413);
    expect(await read(response)).toEqual(
      error(-32_000, expect.stringContaining("larger than 4 MiB"), {
        code: "payload_too_large",
        requestId: expect.any(String),
      }),
    );
  }
  const chunked = await fetch(endpoint, {
    method: "POST",
    headers: { ...TYPE, ...bearer() },
    body: new Blob(["x".repeat(REQUEST_BYTES + 1)]).stream(),
    duplex: "half",
  });
  expect(chunked.status).toBe(413);
});

test("answers malformed JSON and wrong types as JSON-RPC says", async () => {
  for (const body of ["{", "", "{'a':1}"]) {
    const response = await post(body);
    expect([body, response.status, await read(response)]).toEqual([
      body,
      400,
      error(-32_700, "Parse error: Invalid JSON"),
    ]);
  }
  for (const body of [
    "5",
    "null",
    '"x"',
    "{}",
    "[]",
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
  ]) {
    const response = await post(body);
    expect([body, response.status]).toEqual([body, 400]);
    expect(await read(response)).toMatchObject({ jsonrpc: "2.0", error: { code: -32_600 } });
  }
  const text = await post(initialize(), { "content-type": "text/plain" });
  expect(text.status).toBe(415);
  expect(await read(text)).toMatchObject({ error: { code: -32_000 } });
  const params = await post(rpc("initialize", { protocolVersion: 5 }));
  expect(params.status).toBe(400);
  expect(await read(params)).toMatchObject({ id: 1, error: { code: -32_602 } });
});

test("wants the session's id, knows only its own sessions, and forgets what was deleted", async () => {
  const missing = await post(rpc("tools/list"));
  expect(missing.status).toBe(400);
  expect(await read(missing)).toMatchObject({ id: 1, error: { code: -32_000, data: { code: "session_missing" } } });
  const unknown = await post(rpc("tools/list"), { "mcp-session-id": "session_x" });
  expect(unknown.status).toBe(404);
  expect(await read(unknown)).toMatchObject({ id: 1, error: { code: -32_001, data: { code: "session_unknown" } } });

  const session = await sessionOf();
  const other = await owner.key(personaId);
  expect((await post(rpc("ping"), { "mcp-session-id": session, ...bearer(other.secret) })).status).toBe(404);
  expect((await post(rpc("ping"), { "mcp-session-id": session })).status).toBe(200);
  // As a client does that sends its content type with every request.
  const headers = { ...bearer(), "mcp-session-id": session, "content-type": "application/json" };
  const deleted = await fetch(endpoint, { method: "DELETE", headers });
  expect([deleted.status, await deleted.text()]).toEqual([200, ""]);
  expect((await post(rpc("ping"), { "mcp-session-id": session })).status).toBe(404);
});

test("takes any Accept header, and a missing version header", async () => {
  const session = await sessionOf();
  const list = (accept: string) => post(rpc("tools/list"), { "mcp-session-id": session, accept });
  for (const accept of ["", "*/*", "text/event-stream", "text/html", "application/json, text/event-stream"]) {
    const response = await list(accept);
    expect([accept, response.status]).toEqual([accept, 200]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "content-type": "text/event-stream",
      "x-accel-buffering": "no",
    });
    expect(await response.text()).toMatch(/^: open\n\nevent: message\nid: \S+\ndata: \{.*\}\n\n$/u);
  }
  const json = await list("application/json");
  expect([json.status, json.headers.get("content-type")]).toEqual([200, expect.stringMatching(/^application\/json/u)]);
  expect(await read(json)).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
  const stated = (version: string) => post(rpc("ping"), { "mcp-session-id": session, "mcp-protocol-version": version });
  expect((await stated("2025-06-18")).status).toBe(200);
  expect((await stated("1999-01-01")).status).toBe(400);
});

test("acknowledges notifications and answers without a body", async () => {
  const session = await sessionOf();
  for (const body of [
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } },
    { jsonrpc: "2.0", id: 3, result: { roots: [] } },
  ]) {
    const response = await post(body, { "mcp-session-id": session });
    expect([response.status, await response.text()]).toEqual([202, ""]);
  }
});

const negotiated = async (version: string): Promise<unknown> =>
  read(await post(initialize(version), { accept: "application/json" }));

test("negotiates the version, and never the one without handshake", async () => {
  for (const version of ["2025-11-25", "2025-06-18", "2025-03-26"]) {
    expect(await negotiated(version)).toMatchObject({ result: { protocolVersion: version } });
  }
  for (const version of ["2024-11-05", "2026-07-28", "2099-01-01"]) {
    expect(await negotiated(version)).toMatchObject({
      result: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "Release Bot" } },
    });
  }
});

test("takes batches in the revision that has them, and refuses them in later ones", async () => {
  const batch = [rpc("ping"), rpc("tools/list", undefined, 2)];
  const early = await post(batch, { "mcp-session-id": await sessionOf({}, "2025-03-26") });
  expect(early.status).toBe(200);
  expect((await early.text()).match(/^data: /gmu)).toHaveLength(2);
  const json = { "mcp-session-id": await sessionOf({}, "2025-03-26"), accept: "application/json" };
  expect(await read(await post(batch, json))).toMatchObject([
    { id: 1 },
    { id: 2, result: { tools: expect.any(Array) } },
  ]);
  const long = Array.from({ length: 101 }, (_, index) => rpc("ping", undefined, index));
  expect((await post(long, { "mcp-session-id": await sessionOf({}, "2025-03-26") })).status).toBe(400);
  const late = await post(batch, { "mcp-session-id": await sessionOf({}, "2025-06-18") });
  expect(late.status).toBe(400);
  expect(await read(late)).toMatchObject({ error: { code: -32_600 } });
});

const call = (name: string, id = 1) => rpc("tools/call", { name }, id);

test("refuses calls beyond the key's scopes as 403, naming the scopes, before any browser is asked", async () => {
  const reader = await owner.key(personaId, { scopes: ["read"] });
  const session = await sessionOf(bearer(reader.secret));
  const early = await sessionOf(bearer(reader.secret), "2025-03-26");
  const headers = { ...bearer(reader.secret), "mcp-session-id": session };
  const response = await post(call("Echo_post", 7), headers);
  expect(response.status).toBe(403);
  expect(response.headers.get("www-authenticate")).toBe(
    'Bearer error="insufficient_scope", error_description="This needs the scopes: write. Nothing was executed.", scope="write"',
  );
  expect(await read(response)).toMatchObject({ id: 7, error: { code: -32_000, data: { code: "insufficient_scope" } } });
  const batch = await post([call("Echo_wipe"), call("Echo_post", 2)], { ...headers, "mcp-session-id": early });
  expect(batch.headers.get("www-authenticate")).toContain('scope="write destructive"');
  const later = await modern("tools/call", { name: "Echo_post" }, bearer(reader.secret));
  expect([later.status, later.headers.get("www-authenticate")]).toEqual([
    403,
    expect.stringContaining('scope="write"'),
  ]);
});

test("serves the era without sessions by POST only, whatever session id is sent", async () => {
  for (const method of ["GET", "DELETE"]) {
    const headers = { ...bearer(), "mcp-protocol-version": "2026-07-28" };
    const response = await fetch(endpoint, { method, headers });
    expect([response.status, response.headers.get("allow")]).toEqual([405, expect.stringContaining("POST")]);
  }
  expect((await fetch(endpoint, { method: "PUT", headers: bearer() })).status).toBe(405);
  expect((await fetch(endpoint, { headers: bearer() })).status).toBe(400);
  const discovered = await modern("server/discover", {}, { "mcp-session-id": "nonsense" });
  expect(discovered.status).toBe(200);
  expect(await read(discovered)).toMatchObject({
    result: {
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {} },
      resultType: "complete",
      cacheScope: "private",
    },
  });
  for (const method of ["ping", "resources/subscribe", "logging/setLevel", "vendor/unknown"]) {
    const response = await modern(method);
    expect([method, response.status]).toEqual([method, 404]);
    expect(await read(response)).toMatchObject({ id: 1, error: { code: -32_601 } });
  }
});

test("refuses what the era without sessions asks of headers and _meta", async () => {
  const mismatch = await modern("tools/list", {}, { "mcp-method": "tools/call" });
  expect([mismatch.status, await read(mismatch)]).toMatchObject([400, { error: { code: -32_020 } }]);
  const bare = await post(rpc("tools/list"), { "mcp-protocol-version": "2026-07-28" });
  expect([bare.status, await read(bare)]).toMatchObject([400, { error: { code: -32_602 } }]);
  const future = { ...MODERN, "io.modelcontextprotocol/protocolVersion": "2099-01-01" };
  const unknown = await post(rpc("tools/list", { _meta: future }), {
    "mcp-protocol-version": "2099-01-01",
    "mcp-method": "tools/list",
  });
  expect([unknown.status, await read(unknown)]).toMatchObject([
    400,
    { error: { code: -32_022, data: { supported: ["2026-07-28"] } } },
  ]);
});

test("answers parameters of the wrong type as invalid, in both eras", async () => {
  const session = await sessionOf();
  const headers = { "mcp-session-id": session, accept: "application/json" };
  for (const [method, params] of [
    ["tools/call", {}],
    ["tools/call", { name: 5 }],
    ["tools/call", { name: "Echo_say", arguments: "text" }],
    ["tools/list", { cursor: 5 }],
    ["tools/list", { cursor: "never given" }],
  ] as const) {
    const legacy = await read(await post(rpc(method, params), headers));
    expect([method, params, legacy]).toMatchObject([method, params, { id: 1, error: { code: -32_602 } }]);
    const answer = await read(await modern(method, params));
    expect([method, params, answer]).toMatchObject([method, params, { id: 1, error: { code: -32_602 } }]);
  }
  const unknown = await read(await post(rpc("vendor/unknown"), headers));
  expect(unknown).toMatchObject({ id: 1, error: { code: -32_601 } });
});
