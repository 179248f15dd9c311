import { expect, test } from "vitest";
import { askTokens, register } from "../support/oauth-client.ts";
import { errorOf, REDIRECT, startWorld } from "../support/oauth-world.ts";

test("A17 the metadata names this issuer, its endpoints, S256, and clients without a secret", async () => {
  await using world = await startWorld();
  const { metadata } = world;
  const { url } = world.relay;
  expect(metadata).toMatchObject({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    registration_endpoint: `${url}/register`,
    revocation_endpoint: `${url}/revoke`,
    jwks_uri: `${url}/jwks`,
    code_challenge_methods_supported: ["S256"],
    response_types_supported: ["code"],
    client_id_metadata_document_supported: true,
    token_endpoint_auth_methods_supported: expect.arrayContaining(["none"]),
    scopes_supported: expect.arrayContaining(["read", "write", "destructive", "offline_access"]),
    grant_types_supported: expect.arrayContaining(["authorization_code", "refresh_token"]),
  });
  for (const path of [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    `/.well-known/oauth-authorization-server/p/${world.persona.slug}/mcp`,
  ]) {
    const answer = await fetch(`${url}${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(await answer.json()).toMatchObject({ issuer: url });
  }
  const resource = await fetch(`${url}/.well-known/oauth-protected-resource/p/${world.persona.slug}/mcp`);
  expect(await resource.json()).toMatchObject({ resource: world.persona.endpoint, authorization_servers: [url] });
  const keysOnly = await fetch(`${url}/.well-known/oauth-protected-resource/k/${world.persona.slug}/mcp`);
  expect(keysOnly.status).toBe(404);
});

test("A27 registration is open and bounded: repeats, floods, long bodies, many addresses, clients nobody uses", async () => {
  await using world = await startWorld();
  const body = { client_name: "Same", redirect_uris: [REDIRECT] };
  const [one, two] = [await register(world.metadata, body), await register(world.metadata, body)];
  expect(one.status).toBe(201);
  expect(two.body).toMatchObject({ client_id: (one.body as { client_id: string }).client_id });
  expect(one.body).not.toHaveProperty("client_secret");
  expect(one.body).not.toHaveProperty("registration_access_token");
  const many = Array.from({ length: 11 }, (_, index) => `https://h${index}.example/cb`);
  expect((await register(world.metadata, { redirect_uris: many })).status).toBe(400);
  const long = await fetch(world.metadata.registration_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, software_statement: "x".repeat(17_000) }),
  });
  expect([400, 413]).toContain(long.status);
  const statuses = new Set<number>();
  for (let index = 0; index < 210; index += 1) {
    statuses.add((await register(world.metadata, { ...body, client_name: `Flood ${index}` })).status);
  }
  expect(statuses).toEqual(new Set([201, 429]));
  const unused = { clientId: (one.body as { client_id: string }).client_id, redirectUri: REDIRECT };
  expect((await world.open(unused)).page.status).toBe(200);
  world.clock.now += 91 * 24 * 60 * 60_000;
  expect((await world.open(unused)).page.status).toBe(400);
});

test("A29 the token endpoint takes forms, is never cached, and tells an unknown client to register again", async () => {
  await using world = await startWorld();
  const code = await world.code(await world.client());
  const json = await fetch(world.metadata.token_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ grant_type: "authorization_code", code: code.code }),
  });
  expect([400, 415]).toContain(json.status);
  expect((await fetch(`${world.metadata.token_endpoint}?grant_type=authorization_code`)).status).toBeGreaterThan(399);
  const unknown = await askTokens(world.metadata, { grant_type: "authorization_code", code: "x", client_id: "nobody" });
  expect([unknown.status, errorOf(unknown.body)]).toEqual([401, "invalid_client"]);
  const good = await world.exchange(code);
  for (const answer of [unknown, good]) expect(answer.headers.get("cache-control")).toContain("no-store");
});
