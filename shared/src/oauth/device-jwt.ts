import { importJWK, jwtVerify, SignJWT, type CryptoKey, type JWTPayload } from "jose";
import { AppError } from "../errors/app-error.ts";
import type { PublicKey } from "../primitives/fingerprint.ts";
import { createId } from "../primitives/id.ts";

/** Seconds. */
const LIFETIME = 60;
const SKEW = 5;

/** Signs a JWT of a device for one use. `now` is the relay's time in ms: the local clock plus the known offset. */
export function signDeviceJwt(
  device: { deviceId: string; privateKey: CryptoKey },
  claims: JWTPayload,
  target: { typ: string; audience: string; now: number },
): Promise<string> {
  const issuedAt = Math.floor(target.now / 1_000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", typ: target.typ })
    .setSubject(device.deviceId)
    .setAudience(target.audience)
    .setJti(createId("jti", target.now))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(device.privateKey);
}

/**
 * Verifies a JWT of a device and reads its claims; `read` throws when they are not the expected ones.
 * @throws AppError `clock` when only the times are wrong, `device_token_invalid` for anything else.
 */
export async function verifyDeviceJwt<Claims>(
  token: string,
  expected: { typ: string; publicKey: PublicKey; audience: string; now: number },
  read: (payload: JWTPayload) => Claims,
): Promise<Claims> {
  try {
    const key = await importJWK({ ...expected.publicKey }, "ES256");
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["ES256"],
      typ: expected.typ,
      audience: expected.audience,
      clockTolerance: SKEW,
      maxTokenAge: LIFETIME,
      currentDate: new Date(expected.now),
      requiredClaims: ["sub", "jti", "iat", "exp"],
    });
    return read(payload);
  } catch (cause) {
    throw new AppError(isClockFault(cause) ? "clock" : "device_token_invalid", { cause });
  }
}

function isClockFault(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  if (error.code === "ERR_JWT_EXPIRED") return true;
  return (
    error.code === "ERR_JWT_CLAIM_VALIDATION_FAILED" &&
    "claim" in error &&
    (error.claim === "iat" || error.claim === "exp")
  );
}
