import { createHmac } from "node:crypto";
import { decodeProtectedHeader, SignJWT, UnsecuredJWT, importJWK, decodeJwt } from "jose";
import { expect, test } from "vitest";
import { startTestAuthorization } from "../test-support/authorization-server.ts";
import { createSigningKeys } from "./signing-keys.ts";

const DAY = 24 * 60 * 60_000;
const INTERACTIVE = { inbound: { accessKeys: true, interactive: true } };

test("a new key is published a day before it signs, and the old one stays until its last token is over", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  const published = async (): Promise<string[]> => {
    const { keys } = (await (await fetch(`${relay.url}/jwks`)).json()) as { keys: { kid: string }[] };
    expect(JSON.stringify(keys)).not.toContain('"d"');
    return keys.map(({ kid }) => kid);
  };
  const [first] = await published();
  const signer = async (): Promise<string | undefined> =>
    decodeProtectedHeader((await relay.signIn()).access_token).kid;
  expect(await signer()).toBe(first);

  relay.clock.now += 89 * DAY;
  const both = await published();
  expect(both).toHaveLength(2);
  expect(await signer()).toBe(first);

  relay.clock.now += DAY - 30 * 60_000;
  const last = (await relay.signIn()).access_token;
  expect(decodeProtectedHeader(last).kid).toBe(first);
  relay.clock.now += 31 * 60_000;
  expect(await signer()).toBe(both[1]);
  await relay.server.verify(last, [relay.url]);
  relay.clock.now += 3 * 60 * 60_000;
  expect(await published()).toEqual([both[1]]);
});

test("keys outlive the process, and another process's new key is found", async () => {
  await using relay = await startTestAuthorization();
  const { store } = relay.owner;
  const clock = { now: 0 };
  const one = createSigningKeys({ store, now: () => clock.now });
  const { signingKid } = await one.current();
  const other = createSigningKeys({ store, now: () => clock.now });
  expect((await other.current()).signingKid).toBe(signingKid);
  clock.now += 89 * DAY;
  const next = (await other.current()).publicJwks.at(-1)?.kid ?? "";
  expect(next).not.toBe(signingKid);
  expect(await one.publicKey(next)).not.toBeNull();
  expect(await one.publicKey("unknown")).toBeNull();
});

test("a token that another key, type, algorithm, issuer or time speaks for is refused", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  const { access_token } = await relay.signIn();
  const claims = decodeJwt(access_token);
  const { kid = "" } = decodeProtectedHeader(access_token);
  const [row] = await relay.owner.store.db.selectFrom("signing_keys").selectAll().execute();
  const jwk = JSON.parse(row?.private_jwk ?? "{}") as { kty: string; n: string; e: string };
  const own = await importJWK(jwk, "RS256");
  const sign = (header: { typ?: string; kid?: string }, change: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid, ...header }).sign(own);
  await relay.server.verify(await sign({}), [relay.url]);

  const publicPem = await toSpki(jwk);
  const forged = [
    new UnsecuredJWT({ ...claims }).encode(),
    hmacToken({ alg: "HS256", typ: "at+jwt", kid }, claims, publicPem),
    await sign({ typ: "JWT" }),
    await sign({ kid: "another" }),
    await sign({}, { iss: "https://elsewhere.example" }),
    await sign({}, { exp: Math.floor(relay.clock.now / 1_000) - 60 }),
    await sign({}, { exp: undefined }),
    await sign({}, { grant: "grant_unknown" }),
    await sign({}, { client_id: "another" }),
    `${access_token.slice(0, -8)}AAAAAAAA`,
    "not a token",
  ];
  for (const token of forged) {
    await expect(relay.server.verify(token, [relay.url])).rejects.toMatchObject({ code: "invalid_token" });
  }
});

function hmacToken(header: object, claims: object, secret: string): string {
  const body = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

async function toSpki({ kty, n, e }: { kty: string; n: string; e: string }): Promise<string> {
  const key = await crypto.subtle.importKey(
    "jwk",
    { kty, n, e, alg: "RS256" },
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    true,
    ["verify"],
  );
  const der = Buffer.from(await crypto.subtle.exportKey("spki", key)).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----`;
}
