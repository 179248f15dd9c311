import type { TokenCheck, TriedToken } from "@agent-personas/shared/api/passthrough";
import type { JwtCheck } from "@agent-personas/shared/persona/passthrough";
import { compactVerify, decodeProtectedHeader, type CompactJWSHeaderParameters } from "jose";
import { z } from "zod";
import { FOREIGN_ALGORITHMS } from "./foreign-algorithms.ts";
import { KeyFault, type ForeignKeys } from "./foreign-keys.ts";

/** Clocks of issuers may differ by this. Seconds. */
const SKEW = 60;
const LENGTH = 16_384;

const claimsSchema = z.looseObject({
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  sub: z.string().optional(),
});
type Claims = z.infer<typeof claimsSchema>;
/** `detail` is what is wrong, null when nothing is. */
type Finding = { check: TokenCheck; detail: string | null };

/** What was found; `subject` only of a token that is accepted. */
export type VerifiedToken = TriedToken & { subject: { issuer: string; sub: string } | null };

/**
 * Makes the checks one by one, up to the first that fails. `audience` is what an empty one stands for; null when that
 * is not known yet, and then no audience is asked for. Says what is wrong without repeating anything secret.
 */
export async function verifyForeignToken(
  deps: { now: () => number; keys: ForeignKeys; ownIssuer: string },
  token: string,
  { check, audience }: { check: JwtCheck; audience: string | null },
): Promise<VerifiedToken> {
  const done: TriedToken["checks"] = [];
  const passes = ({ check: name, detail }: Finding): boolean => {
    done.push({ check: name, passed: detail === null, detail: (detail ?? PASSED[name]).slice(0, 500) });
    return detail === null;
  };
  const refused = (): VerifiedToken => ({ accepted: false, checks: done, subject: null });

  const header = readHeader(token);
  if (!passes({ check: "form", detail: faultOfForm(token, header) }) || header === null) return refused();
  const key = await deps.keys(check.keys, header).catch(faultOfKey);
  if (!passes({ check: "keys", detail: typeof key === "string" ? key : null }) || typeof key === "string") {
    return refused();
  }
  const payload = await compactVerify(token, key, { algorithms: [...FOREIGN_ALGORITHMS] }).then(
    (verified) => verified.payload,
    () => null,
  );
  const signature = payload === null ? "The signature does not fit the issuer's key." : null;
  if (!passes({ check: "signature", detail: signature }) || payload === null) return refused();
  const claims = readClaims(payload);
  const findings: Finding[] = [
    { check: "expiry", detail: faultOfTimes(claims, deps.now() / 1_000) },
    { check: "issuer", detail: faultOfIssuer(claims, check.issuer, deps.ownIssuer) },
    { check: "audience", detail: faultOfAudience(claims, check.audience ?? audience) },
    {
      check: "subject",
      detail: claims.sub === undefined || claims.sub === "" ? "The token has no subject (sub)." : null,
    },
  ];
  if (!findings.every(passes)) return refused();
  return { accepted: true, checks: done, subject: { issuer: claims.iss ?? "", sub: claims.sub ?? "" } };
}

const PASSED: Readonly<Record<TokenCheck, string>> = {
  form: "It is a signed token with an algorithm that is accepted.",
  keys: "The key that it names was found.",
  signature: "The signature is the issuer's.",
  expiry: "It is valid now.",
  issuer: "The issuer is accepted.",
  audience: "The audience is accepted.",
  subject: "It names its subject.",
};

function readHeader(token: string): CompactJWSHeaderParameters | null {
  if (token.length > LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]+$/u.test(token)) return null;
  try {
    const { alg, kid, crit, typ } = decodeProtectedHeader(token);
    if (typeof alg !== "string" || crit !== undefined) return null;
    return { alg, ...(kid !== undefined && { kid }), ...(typ !== undefined && { typ }) };
  } catch {
    return null;
  }
}

function faultOfForm(token: string, header: CompactJWSHeaderParameters | null): string | null {
  if (token.length > LENGTH) return "The token is too long.";
  if (header === null) return "This is not a signed token (JWT).";
  if (FOREIGN_ALGORITHMS.includes(header.alg)) return null;
  return `The token's algorithm is not accepted; it must be one of ${FOREIGN_ALGORITHMS.join(", ")}.`;
}

function faultOfKey(error: unknown): string {
  if (error instanceof KeyFault) return error.message;
  throw error;
}

function readClaims(payload: Uint8Array): Claims {
  try {
    return claimsSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    // Without an expiry it fails the next check.
    return {};
  }
}

function faultOfTimes({ exp, nbf }: Claims, now: number): string | null {
  if (exp === undefined) return "The token has no time of expiry (exp).";
  if (exp <= now - SKEW) return "The token has expired.";
  return nbf !== undefined && nbf > now + SKEW ? "The token is not valid yet (nbf)." : null;
}

function faultOfIssuer({ iss }: Claims, expected: string | null, own: string): string | null {
  if (iss === own) return "Tokens of this relay are not accepted here.";
  return expected === null || iss === expected ? null : "The token is of another issuer (iss).";
}

function faultOfAudience({ aud }: Claims, expected: string | null): string | null {
  if (expected === null || [aud ?? []].flat().includes(expected)) return null;
  return "The token is for another audience (aud).";
}
