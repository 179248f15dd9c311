import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";

/** A key pair as a device makes it. */
export async function createDeviceKey(): Promise<{ publicKey: PublicKey; privateKey: CryptoKey }> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { publicKey: publicKeySchema.parse({ kty, crv, x, y }), privateKey: pair.privateKey };
}
