import { createHmac } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import { openStore } from "@agent-personas/relay/store/open-store";
import { expect, test } from "vitest";
import { z } from "zod";
import { askTokens, readTokens, refresh } from "../support/oauth-client.ts";
import { errorOf, startWorld, type Client, type World } from "../support/oauth-world.ts";

const MINUTE_MS = 60_000;

const narrow = (world: World, client: Client, token: string, change: Record<string, string>) =>
  askTokens(world.metadata, {
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: client.clientId,
    ...change,
  });

test("A10 a refresh token rotates, and its reuse after the window ends the whole family and is written down", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const first = await world.tokens(client);
  const second = readTokens((await refresh(world.metadata, client.clientId, first.refresh_token)).body);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await world.list(second.access_token)).status).toBe(200);
  world.clock.now += MINUTE_MS + 1_000;
  const reused = await refresh(world.metadata, client.clientId, first.refresh_token);
  expect([reused.status, errorOf(reused.body)]).toEqual([400, "invalid_grant"]);
  expect((await refresh(world.metadata, client.clientId, second.refresh_token)).status).toBe(400);
  expect((await world.list(second.access_token)).status).toBe(401);
  const store = await openStore(world.relay.dataFolder);
  const events = await store.db.selectFrom("audit").select("event").execute();
  await store.close();
  expect(events.map(({ event }) => event)).toContain("grant_reused");
});

test("A11 a refresh can ask for less and never for more", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const { refresh_token: token } = await world.tokens(client, { scope: "read write" });
  const wider = await narrow(world, client, token, { scope: "read write destructive" });
  expect([wider.status, errorOf(wider.body)]).toEqual([400, "invalid_scope"]);
  const elsewhere = await narrow(world, client, token, { resource: `${world.relay.url}/mcp` });
  expect(elsewhere.status).toBe(400);
  const less = readTokens((await narrow(world, client, token, { scope: "read" })).body);
  expect(decodeJwt(less.access_token)["scope"]).toBe("read");
});

test("A12 a token opens one address: not another persona's, not one that begins alike, not the bare relay", async () => {
  await using world = await startWorld();
  const other = await world.deploy("Other");
  const alike = await world.deploy("Alike");
  const slug = `${world.persona.slug}b-abcdef`;
  const store = await openStore(world.relay.dataFolder);
  await store.db.updateTable("personas").set({ slug }).where("persona_id", "=", alike.personaId).execute();
  await store.close();
  const { access_token: token } = await world.tokens(await world.client());
  expect(decodeJwt(token).aud).toBe(world.persona.endpoint);
  expect((await world.list(token)).status).toBe(200);
  const { url } = world.relay;
  for (const endpoint of [
    other.endpoint,
    `${url}/p/${slug}/mcp`,
    `${url}/p/${world.persona.slug.slice(0, -1)}/mcp`,
    world.persona.keyEndpoint,
    `${url}/mcp`,
    `${url}/`,
  ]) {
    expect([endpoint, (await world.list(token, endpoint)).status]).toEqual([endpoint, 401]);
  }
});

test("A13 an unknown resource gets no token, and neither do two at once", async () => {
  await using world = await startWorld();
  const client = await world.client();
  for (const resource of [
    "https://evil.example/mcp",
    `${world.relay.url}/p/nothing-abcdef/mcp`,
    `${world.relay.url}/x`,
  ]) {
    const { left, page } = await world.open(client, { resource });
    expect([resource, left === null ? page.status : errorOf(left)]).toEqual([resource, "invalid_target"]);
  }
  const code = await world.code(client);
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: code.code,
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    code_verifier: code.verifier,
  });
  for (const resource of [world.persona.endpoint, `${world.relay.url}/mcp`]) body.append("resource", resource);
  expect((await fetch(world.metadata.token_endpoint, { method: "POST", body })).status).toBe(400);
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("A14 an access token is RS256 at+jwt with every claim, and nothing forged passes for one", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const { access_token: token } = await world.tokens(client);
  const header = decodeProtectedHeader(token);
  const claims = decodeJwt(token);
  expect(header).toMatchObject({ alg: "RS256", typ: "at+jwt", kid: expect.any(String) });
  expect(claims).toMatchObject({
    iss: world.metadata.issuer,
    aud: world.persona.endpoint,
    client_id: client.clientId,
    jti: expect.any(String),
  });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600);

  const [publicKey] = await readJwks(world);
  const own = await generateKeyPair("RS256", { extractable: true });
  const hmac = (key: string | Buffer): string => {
    const input = `${part({ ...header, alg: "HS256" })}.${part(claims)}`;
    return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
  };
  const signed = (more: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "at+jwt", ...more }).sign(own.privateKey);
  const pem = await exportSPKI((await importJWK(publicKey ?? {}, "RS256", { extractable: true })) as CryptoKey);
  const [head = "", body = "", signature = ""] = token.split(".");
  const forged = [
    `${part({ ...header, alg: "none" })}.${body}.`,
    `${part({ ...header, alg: "none" })}.${body}.${signature}`,
    hmac(pem),
    hmac(JSON.stringify(publicKey)),
    `${part({ ...header, typ: "JWT" })}.${body}.${signature}`,
    `${head}.${part({ ...claims, scope: "read write destructive" })}.${signature}`,
    `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    await signed({ kid: header.kid }),
    await signed({ kid: "unknown" }),
    await signed({}),
    await signed({ kid: header.kid, jwk: await exportJWK(own.publicKey) }),
    `${part({ ...header, crit: ["exp"] })}.${body}.${signature}`,
  ];
  for (const [index, candidate] of forged.entries()) {
    expect([index, (await world.list(candidate)).status]).toEqual([index, 401]);
  }
  expect((await world.list(token)).status).toBe(200);
});

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });
async function readJwks(world: World) {
  const { keys } = jwksSchema.parse(await (await fetch(world.metadata.jwks_uri)).json());
  for (const key of keys) expect(key).not.toHaveProperty("d");
  return keys;
}

test("A28 nothing that opens anything is in the database", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const code = await world.code(client);
  const unused = await world.code(client);
  const tokens = readTokens((await world.exchange(code)).body);
  const renewed = readTokens((await refresh(world.metadata, client.clientId, tokens.refresh_token)).body);
  const bytes = await world.relay.databaseBytes();
  for (const [name, secret] of Object.entries({
    key: world.key,
    code: code.code,
    unused: unused.code,
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    renewed: renewed.refresh_token,
    again: renewed.access_token,
  })) {
    expect(secret.length).toBeGreaterThan(30);
    expect([name, bytes.includes(secret), bytes.includes(secret.slice(-30))]).toEqual([name, false, false]);
  }
});

test("A30 a client revokes its own tokens, and what was revoked opens nothing from the next request on", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const other = await world.client("https://other.example/callback");
  const revoke = (clientId: string, token: string) =>
    fetch(world.metadata.revocation_endpoint, {
      method: "POST",
      body: new URLSearchParams({ client_id: clientId, token }),
    });
  for (const kind of ["refresh_token", "access_token"] as const) {
    const tokens = await world.tokens(client);
    await revoke(other.clientId, tokens[kind]);
    expect((await world.list(tokens.access_token)).status).toBe(200);
    expect((await revoke(client.clientId, tokens[kind])).status).toBe(200);
    expect((await world.list(tokens.access_token)).status).toBe(401);
    expect((await refresh(world.metadata, client.clientId, tokens.refresh_token)).status).toBe(400);
  }
  expect((await revoke(client.clientId, "unknown")).status).toBe(200);
});
