import { importJWK, jwtVerify, SignJWT, type CryptoKey } from "jose";
import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import type { PublicKey } from "../primitives/fingerprint.ts";
import { createId, deviceIdSchema } from "../primitives/id.ts";

const TYP = "ap-sign-in+jwt";
/** Seconds. */
const LIFETIME = 60;
const SKEW = 5;

/**
 * What the person's own browser says at the relay's sign-in page. The service worker builds it from fields it
 * has validated itself; the page only carries it. `interaction` is the page's sign-in, `nonce` a value the relay
 * made for it.
 */
const signInSchema = z.strictObject({
  interaction: z.string().min(8).max(128),
  client_id: z.string().min(1).max(2_000),
  redirect_uri: z.string().min(1).max(2_000),
  nonce: z.string().min(16).max(128),
});
export type SignInClaims = z.infer<typeof signInSchema>;

/** `now` is the relay's time in ms: the local clock plus the known offset. `audience` is the relay's origin. */
export function signSignInToken(
  device: { deviceId: string; privateKey: CryptoKey },
  claims: SignInClaims,
  target: { audience: string; now: number },
): Promise<string> {
  const issuedAt = Math.floor(target.now / 1_000);
  return new SignJWT({ ...signInSchema.parse(claims) })
    .setProtectedHeader({ alg: "ES256", typ: TYP })
    .setSubject(device.deviceId)
    .setAudience(target.audience)
    .setJti(createId("jti", target.now))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(device.privateKey);
}

/**
 * Verifies a sign-in token against the sign-in it must be for. The caller checks that `jti` is used once.
 * @throws AppError `clock` when only the times are wrong, `device_token_invalid` for anything else.
 */
export async function verifySignInToken(
  token: string,
  expected: { publicKey: PublicKey; audience: string; now: number; claims: SignInClaims },
): Promise<{ deviceId: string; jti: string }> {
  try {
    const key = await importJWK({ ...expected.publicKey }, "ES256");
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["ES256"],
      typ: TYP,
      audience: expected.audience,
      clockTolerance: SKEW,
      maxTokenAge: LIFETIME,
      currentDate: new Date(expected.now),
      requiredClaims: ["sub", "jti", "iat", "exp"],
    });
    const { interaction, client_id, redirect_uri, nonce } = payload;
    const claims = signInSchema.parse({ interaction, client_id, redirect_uri, nonce });
    const same = (["interaction", "client_id", "redirect_uri", "nonce"] as const).every(
      (name) => claims[name] === expected.claims[name],
    );
    if (!same) throw new Error("for another sign-in");
    return { deviceId: deviceIdSchema.parse(payload.sub), jti: z.string().min(16).max(64).parse(payload.jti) };
  } catch (cause) {
    const expired = cause instanceof Error && "code" in cause && cause.code === "ERR_JWT_EXPIRED";
    throw new AppError(expired ? "clock" : "device_token_invalid", { cause });
  }
}
