import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, createKey, deploy, startProduct, type Deployed, type Product } from "../support/product.ts";

let product: Product;
let app: PlainApp;
let persona: Deployed;
let secret: string;
const clock = { ahead: 0 };

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};
const toolCall = (name: string, id = 2) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: {} },
});

type Sent = { key?: string | null; headers?: Record<string, string>; url?: string; method?: string };

async function send(
  body: unknown,
  { key = secret, headers = {}, url = persona.keyEndpoint, method = "POST" }: Sent = {},
) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      accept: "application/json, text/event-stream",
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, message: parse(text) };
}

/** The JSON-RPC message, also out of an event stream. */
function parse(text: string): Record<string, unknown> | null {
  const data =
    text
      .split("\n")
      .findLast((line) => line.startsWith("data: {"))
      ?.slice(6) ?? text;
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Node's own client, because fetch sets Host and Origin by itself. */
function sendWith(headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(persona.keyEndpoint);
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, path: new URL(persona.keyEndpoint).pathname, method: "POST", headers },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    outgoing.on("error", reject).end(JSON.stringify(initialize));
  });
}

async function openSession(key = secret): Promise<Record<string, string>> {
  const opened = await send(initialize, { key });
  const headers = {
    "mcp-session-id": opened.headers.get("mcp-session-id") ?? "",
    "mcp-protocol-version": "2025-11-25",
  };
  await send({ jsonrpc: "2.0", method: "notifications/initialized" }, { key, headers });
  return headers;
}

const error = (code: number, name?: string) => ({
  error: expect.objectContaining({
    code,
    ...(name === undefined ? {} : { data: expect.objectContaining({ code: name }) }),
  }),
});

const withoutIds = ({ text }: { text: string }): string => text.replace(/req_\w+/u, "req");

const INVALID = /^Bearer error="invalid_token", error_description=".+"$/u;

beforeAll(async () => {
  app = await startPlainApp();
  product = await startProduct({ now: () => Date.now() + clock.ahead });
  const { browser, relay } = product;
  persona = await deploy(browser, relay, await connectApp(browser, app.url, "Test App"), {
    only: ["echo", "add", "delete-thing"],
  });
  secret = (await createKey(browser, persona.personaId)).secret;
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test.each(["POST", "GET", "HEAD"])(
  "%s without a credential: 401, a bare challenge and no metadata address",
  async (method) => {
    const answer = await send(method === "POST" ? initialize : undefined, { key: null, method });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(answer.text.includes('"code":"invalid_token"')).toBe(method !== "HEAD");
  },
);

test("an unknown and a malformed key get the same answer, at any slug", async () => {
  const unknown = await send(initialize, { key: `ap_abc123_${"a".repeat(43)}_abcdef` });
  const malformed = await send(initialize, { key: "ap_nonsense", url: `${product.relay.url}/k/nobody-abc234/mcp` });
  expect([unknown.status, malformed.status]).toEqual([401, 401]);
  expect(withoutIds(unknown)).toBe(withoutIds(malformed));
  expect(unknown.headers.get("www-authenticate")).toMatch(INVALID);
});

test("an unknown slug and the key of another persona: 404", async () => {
  const { browser, relay } = product;
  const apps = (await browser.rows("apps")) as { appId: string }[];
  const connections = (await browser.rows("connections")) as { connectionId: string }[];
  const other = await deploy(
    browser,
    relay,
    { appId: apps[0]?.appId ?? "", connectionId: connections[0]?.connectionId ?? "" },
    { name: "Other", only: ["echo"] },
  );
  for (const url of [other.keyEndpoint, other.endpoint, `${relay.url}/k/nobody-abc234/mcp`]) {
    const answer = await send(initialize, { url });
    expect(answer.status).toBe(404);
    expect(answer.message).toMatchObject(error(-32_000, "persona_not_found"));
  }
});

test("a key in the query string: 400, and the key is flagged", async () => {
  const leaked = await createKey(product.browser, persona.personaId, { name: "Leaked" });
  const answer = await send(initialize, { key: null, url: `${persona.keyEndpoint}?key=${leaked.secret}` });
  expect(answer.status).toBe(400);
  expect(answer.message).toMatchObject(error(-32_000, "key_in_query"));
  const { keys } = (await product.browser.command("keys.list", { personaId: persona.personaId })) as {
    keys: { name: string; leakedAt: number | null }[];
  };
  expect(keys.find((key) => key.name === "Leaked")?.leakedAt).toEqual(expect.any(Number));
  expect(product.relay.log.join("\n")).not.toContain(leaked.secret.slice(10, 40));
});

test("malformed JSON, no JSON-RPC, wrong types, another content type", async () => {
  const malformed = await send("{ not json");
  expect(malformed.status).toBe(400);
  expect(malformed.message).toMatchObject(error(-32_700));
  const headers = await openSession();
  for (const body of [
    { hello: "world" },
    { jsonrpc: "1.0", id: 1, method: "ping" },
    { jsonrpc: "2.0", id: {}, method: 7 },
  ]) {
    const answer = await send(body, { headers });
    expect(answer.status, JSON.stringify(body)).toBe(400);
    expect(answer.message).toMatchObject(error(-32_600));
  }
  for (const params of [{}, { name: 7 }, { name: "Test_echo", arguments: "text" }]) {
    const answer = await send({ jsonrpc: "2.0", id: 5, method: "tools/call", params }, { headers });
    expect(answer.status, JSON.stringify(params)).toBe(200);
    expect(answer.message).toMatchObject({ id: 5, ...error(-32_602) });
  }
  const text = await send("hello", { headers: { "content-type": "text/plain" } });
  expect(text.status).toBe(415);
});

test("a body of 10 MB: 413, whoever sends it", async () => {
  const body = JSON.stringify({ ...initialize, padding: "x".repeat(10_000_000) });
  for (const key of [secret, null]) {
    const answer = await send(body, { key });
    expect(answer.status).toBe(413);
    expect(answer.message).toMatchObject(error(-32_000, "payload_too_large"));
  }
});

test("a missing session: 400; an unknown one, or another key's: 404", async () => {
  const list = { jsonrpc: "2.0", id: 3, method: "tools/list" };
  const missing = await send(list);
  expect(missing.status).toBe(400);
  expect(missing.message).toMatchObject(error(-32_000, "session_missing"));
  const unknown = await send(list, { headers: { "mcp-session-id": "session_unknown" } });
  expect(unknown.status).toBe(404);
  expect(unknown.message).toMatchObject(error(-32_001, "session_unknown"));
  const headers = await openSession();
  const another = await createKey(product.browser, persona.personaId, { name: "Another" });
  expect((await send(list, { headers })).status).toBe(200);
  expect((await send(list, { headers, key: another.secret })).status).toBe(404);
  await send(undefined, { headers, method: "DELETE" });
  expect((await send(list, { headers })).status).toBe(404);
});

test("a foreign Host and a foreign Origin: 403 before the credential is looked at", async () => {
  const { host } = new URL(persona.keyEndpoint);
  const base = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const foreignHost = await sendWith({ ...base, host: "evil.example", authorization: `Bearer ${secret}` });
  expect(foreignHost.status).toBe(403);
  expect(foreignHost.text).toContain("host_forbidden");
  for (const origin of ["https://evil.example", "null", `http://${host}.evil.example`]) {
    const answer = await sendWith({ ...base, host, origin, authorization: `Bearer ${secret}` });
    expect(answer.status, origin).toBe(403);
    expect(answer.text).toContain("origin_forbidden");
    expect(answer.text).toContain("ALLOWED_ORIGINS");
  }
  for (const origin of [`http://${host}`, "chrome-extension://abcdefghijklmnopabcdefghijklmnop"]) {
    expect((await sendWith({ ...base, host, origin, authorization: `Bearer ${secret}` })).status, origin).toBe(200);
  }
});

test("a tool beyond the key's scopes: 403 naming the scope; not listed either", async () => {
  const reader = await createKey(product.browser, persona.personaId, { name: "Reader", scopes: ["read"] });
  const headers = await openSession(reader.secret);
  const listed = await send({ jsonrpc: "2.0", id: 4, method: "tools/list" }, { headers, key: reader.secret });
  expect(listed.text).toContain("Test_add");
  expect(listed.text).not.toContain("Test_echo");
  const answer = await send(toolCall("Test_delete-thing"), { headers, key: reader.secret });
  expect(answer.status).toBe(403);
  expect(answer.message).toMatchObject(error(-32_000, "insufficient_scope"));
  expect(answer.headers.get("www-authenticate")).toMatch(/error="insufficient_scope".*scope="destructive"$/u);
  expect(answer.headers.get("www-authenticate")).not.toContain("resource_metadata");
  expect(app.executions.begun.has("delete-thing")).toBe(false);
});

test("a tool outside the persona, or outside the key's tools: a result that names the nearest", async () => {
  const some = await createKey(product.browser, persona.personaId, { name: "Some", tools: ["Test_add"] });
  const headers = await openSession(some.secret);
  for (const name of ["Test_ad", "Test_echo", "Test_slow"]) {
    const answer = await send(toolCall(name), { headers, key: some.secret });
    expect(answer.status).toBe(200);
    expect(answer.message?.["result"]).toMatchObject({ isError: true });
    expect(answer.text).toContain("tool_not_in_persona");
  }
  const nearest = await send(toolCall("Test_ad"), { headers, key: some.secret });
  expect(nearest.text).toContain("Nearest names: Test_add.");
  expect(app.executions.begun.has("echo")).toBe(false);
});

test("other methods: not supported, in each era's own way; GET and DELETE belong to sessions", async () => {
  const headers = await openSession();
  const legacy = await send({ jsonrpc: "2.0", id: 6, method: "tasks/list" }, { headers });
  expect(legacy.message).toMatchObject({ id: 6, ...error(-32_601) });
  expect((await send({ jsonrpc: "2.0", id: 7, method: "ping" }, { headers })).message).toMatchObject({
    id: 7,
    result: {},
  });
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const modern = await send(
    { jsonrpc: "2.0", id: 8, method: "tasks/list", params: { _meta } },
    { headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tasks/list" } },
  );
  expect(modern.status).toBe(404);
  expect(modern.message).toMatchObject(error(-32_601));
  for (const method of ["GET", "DELETE"]) {
    const answer = await send(undefined, { method, headers: { "mcp-protocol-version": "2026-07-28" } });
    expect(answer.status).toBe(405);
  }
});

test("a disabled key can be enabled again; a revoked one is refused from the next request, open streams included", async () => {
  const { browser } = product;
  const created = await createKey(browser, persona.personaId, { name: "Doomed" });
  const key = created.secret;
  const headers = await openSession(key);
  const list = { jsonrpc: "2.0", id: 9, method: "tools/list" };
  await browser.command("keys.edit", { keyId: created.keyId, changes: { disabled: true } });
  expect((await send(list, { headers, key })).status).toBe(401);
  await browser.command("keys.edit", { keyId: created.keyId, changes: { disabled: false } });
  const again = await openSession(key);
  const stream = await fetch(persona.keyEndpoint, {
    headers: { ...again, authorization: `Bearer ${key}`, accept: "text/event-stream" },
  });
  expect(stream.status).toBe(200);
  await browser.command("keys.revoke", { keyId: created.keyId });
  const ended = await Promise.race([
    stream.text().then(
      () => "ended",
      () => "ended",
    ),
    new Promise((resolve) => setTimeout(resolve, 1_000, "still open")),
  ]);
  expect(ended).toBe("ended");
  const refused = await send(list, { headers: again, key });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toMatch(/revoked/u);
});

test("an expired key: 401 with the reason", async () => {
  const month = await createKey(product.browser, persona.personaId, { name: "Month", expires: "30d" });
  expect((await send(initialize, { key: month.secret })).status).toBe(200);
  clock.ahead = 31 * 24 * 3_600_000;
  const answer = await send(initialize, { key: month.secret });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toMatch(/expired/u);
});
