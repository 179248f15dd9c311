import { exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { publicKeySchema } from "../primitives/fingerprint.ts";
import { createId } from "../primitives/id.ts";
import { signDeviceToken, verifyDeviceToken } from "./device-token.ts";
import { signSignInToken, verifySignInToken } from "./sign-in-token.ts";

const audience = "https://relay.example";
const now = 1_800_000_000_000;
const claims = {
  interaction: "interaction-1",
  client_id: "client",
  redirect_uri: "https://client.example/callback",
  nonce: "0123456789abcdef",
};

async function device() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { deviceId: createId("device"), publicKey: publicKeySchema.parse({ kty, crv, x, y }), privateKey };
}

test("names the device that vouches for exactly this sign-in", async () => {
  const { publicKey, ...signer } = await device();
  const token = await signSignInToken(signer, claims, { audience, now });
  const verified = await verifySignInToken(token, { publicKey, audience, now, claims });
  expect(verified.deviceId).toBe(signer.deviceId);
});

test.each(Object.keys(claims))("refuses a token whose %s is of another sign-in", async (name) => {
  const { publicKey, ...signer } = await device();
  const token = await signSignInToken(signer, { ...claims, [name]: "another-value-of-it" }, { audience, now });
  await expect(verifySignInToken(token, { publicKey, audience, now, claims })).rejects.toMatchObject({
    code: "device_token_invalid",
  });
});

test("neither kind of a device's tokens passes for the other", async () => {
  const { publicKey, ...signer } = await device();
  const signIn = await signSignInToken(signer, claims, { audience, now });
  const rest = await signDeviceToken(signer, { purpose: "rest", audience, now });
  const invalid = { code: "device_token_invalid" };
  await expect(verifyDeviceToken(signIn, { purpose: "rest", publicKey, audience, now })).rejects.toMatchObject(invalid);
  await expect(verifySignInToken(rest, { publicKey, audience, now, claims })).rejects.toMatchObject(invalid);
});

test.each([-90_000, 90_000])("tells a clock that is off by %i ms from a forged token", async (offset) => {
  const { publicKey, ...signer } = await device();
  const token = await signSignInToken(signer, claims, { audience, now: now + offset });
  await expect(verifySignInToken(token, { publicKey, audience, now, claims })).rejects.toMatchObject({ code: "clock" });
});
