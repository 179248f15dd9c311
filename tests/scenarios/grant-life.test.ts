import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { accessKeysSchema } from "@agent-personas/shared/api/personas";
import { grantsSchema } from "@agent-personas/shared/api/grants";
import { expect, test } from "vitest";
import { refresh } from "../support/oauth-client.ts";
import { startWorld, type World } from "../support/oauth-world.ts";

/** A stream that the client keeps open; `ended` settles when the relay ends it. */
async function openStream(world: World, token: string): Promise<{ ended: Promise<number> }> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "*/*" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "stream", version: "1" } };
  const opened = await fetch(world.persona.endpoint, {
    method: "POST",
    headers,
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
  });
  await opened.text();
  const stream = await fetch(world.persona.endpoint, {
    headers: { ...headers, accept: "text/event-stream", "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" },
  });
  expect(stream.status).toBe(200);
  const since = Date.now();
  const ended = (async () => {
    await stream.text().catch(() => "");
    return Date.now() - since;
  })();
  return { ended };
}

const keyIdOf = async (world: World): Promise<string> => {
  const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/keys`);
  return accessKeysSchema.parse(answer.body).keys[0]?.keyId ?? "";
};

test.each([
  ["revoked", (world: World, keyId: string) => world.device.send("DELETE", `/keys/${keyId}`)],
  ["disabled", (world: World, keyId: string) => world.device.send("PATCH", `/keys/${keyId}`, { disabled: true })],
])("what was signed in with a key ends when the key is %s: tokens, refresh and open streams", async (_what, change) => {
  await using world = await startWorld();
  const client = await world.client();
  const tokens = await world.tokens(client);
  expect((await world.list(tokens.access_token)).status).toBe(200);
  const { ended } = await openStream(world, tokens.access_token);
  const keyId = await keyIdOf(world);
  await change(world, keyId);
  expect((await world.list(tokens.access_token)).status).toBe(401);
  expect((await refresh(world.metadata, client.clientId, tokens.refresh_token)).status).toBe(400);
  expect(await ended).toBeLessThan(3_000);
  await world.device.send("PATCH", `/keys/${keyId}`, { disabled: false });
  expect((await world.list(tokens.access_token)).status).toBe(401);
});

test("a key that was narrowed narrows what was signed in with it", async () => {
  await using world = await startWorld();
  const tokens = await world.tokens(await world.client());
  expect((await world.list(tokens.access_token)).names).toEqual([
    "Sample_echo",
    "Sample_send",
    "persona_account_info",
    "persona_read_more",
    "persona_wait_for_call",
  ]);
  await world.device.send("PATCH", `/keys/${await keyIdOf(world)}`, { tools: ["Sample_echo"] });
  expect((await world.list(tokens.access_token)).names).toEqual([
    "Sample_echo",
    "persona_account_info",
    "persona_read_more",
    "persona_wait_for_call",
  ]);
});

test("sign-ins end with their persona", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const tokens = await world.tokens(client);
  const { ended } = await openStream(world, tokens.access_token);
  await world.device.send("DELETE", `/personas/${world.persona.personaId}`);
  expect((await world.list(tokens.access_token)).status).toBe(401);
  expect((await refresh(world.metadata, client.clientId, tokens.refresh_token)).status).toBe(400);
  expect(await ended).toBeLessThan(3_000);
  const where = await fetch(`${world.relay.url}/.well-known/oauth-protected-resource/p/${world.persona.slug}/mcp`);
  expect(where.status).toBe(404);
});

test("switching Interactive Login off refuses tokens, hides the metadata and ends streams, and keeps keys working", async () => {
  await using world = await startWorld();
  const version = await buildPersona(world.device, { inbound: { accessKeys: true, interactive: true } });
  await putPersona(world.device, version);
  const key = await world.createKey(version.personaId);
  const bare = `${world.relay.url}/mcp`;
  const tokens = await world.tokens(await world.client(), { resource: bare }, { accessKey: key });
  expect((await world.list(tokens.access_token, bare)).status).toBe(200);
  const { ended } = await openStream({ ...world, persona: { ...world.persona, endpoint: bare } }, tokens.access_token);
  await putPersona(world.device, { ...version, version: 2, inbound: { accessKeys: true, interactive: false } });
  expect((await world.list(tokens.access_token, bare)).status).toBe(401);
  expect(await ended).toBeLessThan(3_000);
  expect((await world.list(key, bare)).status).toBe(200);
});

test("a token of the bare relay opens the persona that was chosen, there and at its own address, and no other", async () => {
  await using world = await startWorld();
  const other = await world.deploy("Other");
  const bare = `${world.relay.url}/mcp`;
  const tokens = await world.tokens(await world.client(), { resource: bare });
  for (const endpoint of [bare, `${world.relay.url}/`, world.persona.endpoint]) {
    expect([endpoint, (await world.list(tokens.access_token, endpoint)).status]).toEqual([endpoint, 200]);
  }
  for (const endpoint of [other.endpoint, world.persona.keyEndpoint]) {
    expect([endpoint, (await world.list(tokens.access_token, endpoint)).status]).toEqual([endpoint, 401]);
  }
  const without = await world.tokens(await world.client("https://none.example/cb"), { resource: null });
  expect((await world.list(without.access_token, bare)).status).toBe(200);
});

test("the list of clients says when one was last used", async () => {
  await using world = await startWorld();
  const tokens = await world.tokens(await world.client());
  await world.list(tokens.access_token);
  const grants = async () => {
    const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/grants`);
    return grantsSchema.parse(answer.body).grants;
  };
  expect(await grants()).toMatchObject([{ client: { name: "Test client", redirectHost: "client.example" } }]);
  await expect.poll(async () => (await grants())[0]?.lastUsedAt, { timeout: 3_000 }).toBe(world.clock.now);
});
