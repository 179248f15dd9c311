import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";

/** A device's public key: P-256, as JWK, with no private part. */
export const publicKeySchema = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/u),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/u),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/**
 * What two people compare on two screens: the first 100 bits of the key's RFC 7638 thumbprint,
 * as five groups of four upper-case base32 characters: `7QXM-2K4P-….`
 */
export async function keyFingerprint(key: PublicKey): Promise<string> {
  const jwk: JWK = { kty: key.kty, crv: key.crv, x: key.x, y: key.y };
  const thumbprint = await calculateJwkThumbprint(jwk, "sha256");
  const bytes = Uint8Array.from(atob(thumbprint.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
    char.charCodeAt(0),
  );
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  let text = "";
  for (let index = 0; index < 20; index += 1) {
    text += alphabet.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2));
  }
  return (text.match(/.{4}/gu) ?? []).join("-");
}
