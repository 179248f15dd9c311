import type { AppError } from "@agent-personas/shared/errors/app-error";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { readClientKey, signClientAssertion } from "./client-key.ts";

const NOW = 1_800_000_000_000;
const AT = { issuer: "https://auth.example.com", accepted: undefined };
const pem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });

test.each([
  ["EC P-256", ec, "ES256"],
  ["EC P-384", generateKeyPairSync("ec", { namedCurve: "P-384" }), "ES384"],
  ["EC P-521", generateKeyPairSync("ec", { namedCurve: "P-521" }), "ES512"],
  ["RSA", rsa, "RS256"],
  ["Ed25519", generateKeyPairSync("ed25519"), "EdDSA"],
] as const)("a key of the kind %s signs, from PEM and as a JWK", async (_kind, { privateKey, publicKey }, alg) => {
  const jwk = JSON.stringify(privateKey.export({ format: "jwk" }));
  for (const text of [pem(privateKey), ` \n${jwk}\n`]) {
    const key = await readClientKey(text);
    const assertion = await signClientAssertion({ clientId: "job", key }, AT, NOW);
    expect(decodeProtectedHeader(assertion)).toEqual({ alg, typ: "JWT" });
    const { payload } = await jwtVerify(assertion, publicKey, { currentDate: new Date(NOW) });
    const times = { iat: NOW / 1_000, exp: NOW / 1_000 + 60 };
    expect(payload).toMatchObject({ iss: "job", sub: "job", aud: AT.issuer, ...times });
  }
});

test("an assertion is never the same twice", async () => {
  const key = await readClientKey(pem(ec.privateKey));
  const [one, other] = await Promise.all([1, 2].map(() => signClientAssertion({ clientId: "job", key }, AT, NOW)));
  const ids = await Promise.all(
    [one, other].map(async (jwt) => {
      const verified = await jwtVerify(jwt ?? "", ec.publicKey, { currentDate: new Date(NOW) });
      return verified.payload.jti;
    }),
  );
  expect(new Set(ids).size).toBe(2);
});

test("what the server takes decides the algorithm, a JWK's own name for it and its id are kept", async () => {
  const anyRsa = await readClientKey(pem(rsa.privateKey));
  const taken = await signClientAssertion(
    { clientId: "job", key: anyRsa },
    { ...AT, accepted: ["ES256", "PS256"] },
    NOW,
  );
  expect(decodeProtectedHeader(taken)).toMatchObject({ alg: "PS256" });
  const jwk = {
    ...rsa.privateKey.export({ format: "jwk" }),
    alg: "RS384",
    kid: "key-1",
    use: "sig",
    key_ops: ["verify"],
  };
  const named = await readClientKey(JSON.stringify(jwk));
  const signed = await signClientAssertion({ clientId: "job", key: named }, { ...AT, accepted: ["RS256"] }, NOW);
  expect(decodeProtectedHeader(signed)).toMatchObject({ alg: "RS384", kid: "key-1" });
});

const legacy = rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const encrypted = ec.privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
  .toString();
const short = generateKeyPairSync("rsa", { modulusLength: 1_024 });
const { d: _d, ...half } = ec.privateKey.export({ format: "jwk" });

test.each([
  ["nothing of the kind", "hunter2", "PEM"],
  ["half of one", pem(ec.privateKey).slice(0, 90), "damaged"],
  ["an older form", legacy, "openssl pkcs8"],
  ["an encrypted one", encrypted, "passphrase"],
  ["a public one", ec.publicKey.export({ type: "spki", format: "pem" }).toString(), "public key"],
  ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "certificate"],
  ["one for agreeing on keys", pem(generateKeyPairSync("x25519").privateKey), "not used for signing"],
  ["a short RSA key", pem(short.privateKey), "2,048"],
  ["the public half as a JWK", JSON.stringify(half), "needs kty and d"],
  ["a JWK that is none", "{", "needs kty and d"],
  ["a symmetric JWK", JSON.stringify({ kty: "oct", k: "c2VjcmV0", d: "x" }), "not used for signing"],
  ["a JWK for another algorithm", JSON.stringify({ ...half, d: "x", alg: "RS256" }), "algorithm"],
  ["a damaged JWK", JSON.stringify({ ...half, d: "x" }), "incomplete"],
])("%s is refused with what to do, and not repeated", async (_what, text, words) => {
  const fault: unknown = await readClientKey(text).catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: "client_key_invalid", detail: { reason: expect.stringContaining(words) } });
  const told = JSON.stringify((fault as AppError).detail);
  const lines = text.split("\n").filter((line) => line.length > 3 && !line.startsWith("-----"));
  expect(lines.filter((line) => told.includes(line))).toEqual([]);
});
