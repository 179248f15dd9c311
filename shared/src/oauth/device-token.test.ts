import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { publicKeySchema } from "../primitives/fingerprint.ts";
import { createId } from "../primitives/id.ts";
import {
  claimedDevice,
  signDeviceToken,
  signPairingProof,
  verifyDeviceToken,
  verifyPairingProof,
} from "./device-token.ts";

const audience = "https://relay.example";
const now = 1_800_000_000_000;

async function device() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { deviceId: createId("device"), publicKey: publicKeySchema.parse({ kty, crv, x, y }), privateKey };
}

test("a fresh token verifies and names its device", async () => {
  const { publicKey, ...signer } = await device();
  const token = await signDeviceToken(signer, { purpose: "rest", audience, now });
  const claims = await verifyDeviceToken(token, { purpose: "rest", audience, publicKey, now });
  expect(claims.sub).toBe(signer.deviceId);
  expect(claimedDevice(token)).toBe(signer.deviceId);
});

test.each([
  ["another purpose", { purpose: "tunnel" as const }],
  ["another relay", { audience: "https://evil.example" }],
])("refuses a token for %s", async (_, change) => {
  const { publicKey, ...signer } = await device();
  const token = await signDeviceToken(signer, { purpose: "rest", audience, now });
  await expect(
    verifyDeviceToken(token, { purpose: "rest", audience, publicKey, now, ...change }),
  ).rejects.toMatchObject({ code: "device_token_invalid" });
});

test("refuses a token of another key", async () => {
  const [{ publicKey }, signer] = await Promise.all([device(), device()]);
  const token = await signDeviceToken(signer, { purpose: "rest", audience, now });
  await expect(verifyDeviceToken(token, { purpose: "rest", audience, publicKey, now })).rejects.toMatchObject({
    code: "device_token_invalid",
  });
});

test.each([-90_000, 90_000])("tells a clock that is off by %i ms from a forged token", async (offset) => {
  const { publicKey, ...signer } = await device();
  const token = await signDeviceToken(signer, { purpose: "tunnel", audience, now: now + offset });
  await expect(verifyDeviceToken(token, { purpose: "tunnel", audience, publicKey, now })).rejects.toMatchObject({
    code: "clock",
  });
});

test("refuses another kind of token by the same key", async () => {
  const { publicKey, privateKey, deviceId } = await device();
  const token = await new SignJWT({ purpose: "rest" })
    .setProtectedHeader({ alg: "ES256", typ: "JWT" })
    .setSubject(deviceId)
    .setAudience(audience)
    .setJti(createId("jti"))
    .setIssuedAt(now / 1_000)
    .setExpirationTime(now / 1_000 + 60)
    .sign(privateKey);
  await expect(verifyDeviceToken(token, { purpose: "rest", audience, publicKey, now })).rejects.toMatchObject({
    code: "device_token_invalid",
  });
});

test("a pairing proof binds code, origin and key", async () => {
  const [one, other] = await Promise.all([device(), device()]);
  const proof = await signPairingProof(one, { code: "abc", origin: audience });
  await verifyPairingProof(proof, { code: "abc", origin: audience, publicKey: one.publicKey });
  for (const wrong of [{ code: "abd" }, { origin: "https://evil.example" }, { publicKey: other.publicKey }]) {
    await expect(
      verifyPairingProof(proof, { code: "abc", origin: audience, publicKey: one.publicKey, ...wrong }),
    ).rejects.toMatchObject({ code: "pairing_proof_invalid" });
  }
});
