import { request as httpRequest } from "node:http";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { startWorld, type World } from "../support/oauth-world.ts";

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};
const ping = { jsonrpc: "2.0", id: 2, method: "ping" };

const post = (url: string, token: string | null, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });

/** Node's own client, because fetch sets Host itself. */
function statusWith(world: World, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { pathname } = new URL(world.persona.endpoint);
    const target = { host: "127.0.0.1", port: world.relay.port, path: pathname, method: "POST", headers };
    httpRequest(target, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end("{}");
  });
}

test("A31 the endpoint wants its own Host, an Origin it knows, and the token in the header only", async () => {
  await using world = await startWorld();
  const { access_token: token } = await world.tokens(await world.client());
  const good = { host: `localhost:${world.relay.port}`, authorization: `Bearer ${token}` };
  expect(await statusWith(world, { ...good, host: "evil.example" })).toBe(403);
  for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
    expect([origin, await statusWith(world, { ...good, origin })]).toEqual([origin, 403]);
  }
  expect(await statusWith(world, { host: good.host, cookie: `access_token=${token}` })).toBe(401);
  for (const name of ["access_token", "token"]) {
    const answer = await post(`${world.persona.endpoint}?${name}=${token}`, null, initialize);
    expect([name, answer.status]).toEqual([name, 400]);
  }
  expect((await post(world.persona.endpoint, token, initialize)).status).toBe(200);
});

test("A32 no or an expired token is 401, a missing scope is 403 that names every scope and where to ask", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const where = `resource_metadata="${world.relay.url}/.well-known/oauth-protected-resource/p/${world.persona.slug}/mcp"`;
  const none = await post(world.persona.endpoint, null, initialize);
  expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, `Bearer ${where}, scope="read write"`]);

  const { access_token: token } = await world.tokens(client, { scope: "read" });
  const opened = await post(world.persona.endpoint, token, initialize);
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const call = { jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "Sample_send", arguments: {} } };
  const refused = await post(world.persona.endpoint, token, call, session);
  expect(refused.status).toBe(403);
  const challenge = refused.headers.get("www-authenticate") ?? "";
  expect(challenge).toContain('error="insufficient_scope"');
  expect(challenge).toContain(where);
  expect(challenge).toMatch(/needs the scopes: write\..*scope="read write"$/u);

  world.clock.now += ((decodeJwt(token).exp ?? 0) - (decodeJwt(token).iat ?? 0) + 61) * 1_000;
  const expired = await post(world.persona.endpoint, token, initialize);
  expect(expired.status).toBe(401);
  expect(expired.headers.get("www-authenticate")).toContain('error="invalid_token"');
  expect(expired.headers.get("www-authenticate")).toContain(where);
});

test("A35 a session is there only for the sign-in that opened it", async () => {
  await using world = await startWorld();
  const other = await world.client("https://other.example/callback");
  const mine = (await world.tokens(await world.client())).access_token;
  const theirs = (await world.tokens(other)).access_token;
  const opened = await post(world.persona.endpoint, mine, initialize);
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  expect((await post(world.persona.endpoint, mine, ping, session)).status).toBe(200);
  expect((await post(world.persona.endpoint, theirs, ping, session)).status).toBe(404);
  expect((await post(world.persona.endpoint, world.key, ping, session)).status).toBe(404);
  const ended = await fetch(world.persona.endpoint, {
    method: "DELETE",
    headers: { authorization: `Bearer ${theirs}`, ...session },
  });
  expect(ended.status).toBe(404);
  expect((await post(world.persona.endpoint, mine, ping, session)).status).toBe(200);
});
