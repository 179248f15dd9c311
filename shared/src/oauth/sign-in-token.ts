import type { CryptoKey } from "jose";
import { z } from "zod";
import type { PublicKey } from "../primitives/fingerprint.ts";
import { deviceIdSchema } from "../primitives/id.ts";
import { signDeviceJwt, verifyDeviceJwt } from "./device-jwt.ts";

const TYP = "ap-sign-in+jwt";
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
  return signDeviceJwt(device, signInSchema.parse(claims), { ...target, typ: TYP });
}

/**
 * Verifies a sign-in token against the sign-in it must be for. The caller checks that `jti` is used once.
 * @throws AppError `clock` when only the times are wrong, `device_token_invalid` for anything else.
 */
export function verifySignInToken(
  token: string,
  { claims: wanted, ...expected }: { publicKey: PublicKey; audience: string; now: number; claims: SignInClaims },
): Promise<{ deviceId: string; jti: string }> {
  return verifyDeviceJwt(token, { ...expected, typ: TYP }, (payload) => {
    const { interaction, client_id, redirect_uri, nonce } = payload;
    const claims = signInSchema.parse({ interaction, client_id, redirect_uri, nonce });
    const same = (["interaction", "client_id", "redirect_uri", "nonce"] as const).every(
      (name) => claims[name] === wanted[name],
    );
    if (!same) throw new Error("for another sign-in");
    return { deviceId: deviceIdSchema.parse(payload.sub), jti: z.string().min(16).max(64).parse(payload.jti) };
  });
}
