import { calculateJwkThumbprint, compactVerify, importJWK, CompactSign, type CryptoKey } from "jose";
import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { deviceIdSchema } from "../primitives/id.ts";
import { publicKeySchema, type PublicKey } from "../primitives/fingerprint.ts";
import { signDeviceJwt, verifyDeviceJwt } from "./device-jwt.ts";

/** A device proves itself with a fresh ES256 JWT per request or socket; verifiers pin type and purpose. */
const TOKEN_TYP = "ap-device+jwt";
const PROOF_TYP = "ap-pairing+jws";
export type DevicePurpose = "rest" | "tunnel";

const claimsSchema = z.object({
  sub: deviceIdSchema,
  jti: z.string().min(16).max(64),
  iat: z.number(),
  exp: z.number(),
});
export type DeviceClaims = z.infer<typeof claimsSchema>;

/** Signs a device token for one use. `now` is the relay's time in ms: the local clock plus the known offset. */
export function signDeviceToken(
  device: { deviceId: string; privateKey: CryptoKey },
  { purpose, ...target }: { purpose: DevicePurpose; audience: string; now: number },
): Promise<string> {
  return signDeviceJwt(device, { purpose }, { ...target, typ: TOKEN_TYP });
}

/**
 * Verifies a device token. The caller checks that `jti` is used once.
 * @throws AppError `clock` when only the times are wrong, `device_token_invalid` for anything else.
 */
export function verifyDeviceToken(
  token: string,
  { purpose, ...expected }: { purpose: DevicePurpose; audience: string; publicKey: PublicKey; now: number },
): Promise<DeviceClaims> {
  return verifyDeviceJwt(token, { ...expected, typ: TOKEN_TYP }, (payload) => {
    if (payload["purpose"] !== purpose) throw new Error("wrong purpose");
    return claimsSchema.parse(payload);
  });
}

/** Reads the device a token claims to come from, so that its key can be looked up. Proves nothing. */
export function claimedDevice(token: string): string | null {
  try {
    const body = token.split(".")[1] ?? "";
    const parsed: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    return z.object({ sub: deviceIdSchema }).parse(parsed).sub;
  } catch {
    return null;
  }
}

const proofSchema = z.strictObject({ code: z.string(), origin: z.string(), thumbprint: z.string() });

/** Proof of possession at pairing: the new key signs the code, the relay's origin and its own thumbprint. */
export async function signPairingProof(
  device: { publicKey: PublicKey; privateKey: CryptoKey },
  claim: { code: string; origin: string },
): Promise<string> {
  const thumbprint = await calculateJwkThumbprint({ ...device.publicKey });
  return new CompactSign(new TextEncoder().encode(JSON.stringify({ ...claim, thumbprint })))
    .setProtectedHeader({ alg: "ES256", typ: PROOF_TYP })
    .sign(device.privateKey);
}

/** @throws AppError `pairing_proof_invalid` unless `proof` is by `publicKey`, over this code, for this origin. */
export async function verifyPairingProof(
  proof: string,
  expected: { code: string; origin: string; publicKey: PublicKey },
): Promise<void> {
  try {
    const publicKey = publicKeySchema.parse(expected.publicKey);
    const key = await importJWK({ ...publicKey }, "ES256");
    const { payload, protectedHeader } = await compactVerify(proof, key, { algorithms: ["ES256"] });
    const claim = proofSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
    const thumbprint = await calculateJwkThumbprint({ ...publicKey });
    if (protectedHeader.typ !== PROOF_TYP || claim.code !== expected.code) throw new Error("wrong typ or code");
    if (claim.origin !== expected.origin || claim.thumbprint !== thumbprint) throw new Error("wrong origin or key");
  } catch (cause) {
    throw new AppError("pairing_proof_invalid", { cause });
  }
}
