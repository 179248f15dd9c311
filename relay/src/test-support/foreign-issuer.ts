import { jwksSchema, type Jwks } from "@agent-personas/shared/persona/passthrough";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";

export type ForeignIssuer = {
  issuer: string;
  jwks: Jwks;
  privateKey: CryptoKey;
  kid: string;
  /** A token of it, valid for an hour; `claims` and `header` replace or, where undefined, leave out. */
  token: (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;
};

/** Somebody else's authorization server, as far as its tokens go. */
export async function createForeignIssuer(
  options: { alg?: string; kid?: string; issuer?: string; now?: () => number } = {},
): Promise<ForeignIssuer> {
  const { alg = "RS256", kid = "key-1", issuer = "https://login.example", now = Date.now } = options;
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwks = jwksSchema.parse({ keys: [{ ...(await exportJWK(publicKey)), kid, alg }] });
  return {
    issuer,
    jwks,
    privateKey,
    kid,
    token: (claims, header = {}) =>
      new SignJWT({ iss: issuer, sub: "agent-7", exp: Math.floor(now() / 1_000) + 3_600, ...claims })
        .setProtectedHeader({ alg, kid, typ: "JWT", ...header })
        .sign(privateKey),
  };
}
