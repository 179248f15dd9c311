import type { TokenCheck, TriedToken } from "@agent-personas/shared/api/passthrough";
import type { JwtCheck } from "@agent-personas/shared/persona/passthrough";
import { compactVerify, decodeProtectedHeader, type CompactJWSHeaderParameters } from "jose";
import { z } from "zod";
import { FOREIGN_TOKENS } from "../../texts/foreign-tokens.ts";
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
    done.push({ check: name, passed: detail === null, detail: (detail ?? FOREIGN_TOKENS.passed[name]).slice(0, 500) });
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
  const signature = payload === null ? FOREIGN_TOKENS.signature : null;
  if (!passes({ check: "signature", detail: signature }) || payload === null) return refused();
  const claims = readClaims(payload);
  const findings: Finding[] = [
    { check: "expiry", detail: faultOfTimes(claims, deps.now() / 1_000) },
    { check: "issuer", detail: faultOfIssuer(claims, check.issuer, deps.ownIssuer) },
    { check: "audience", detail: faultOfAudience(claims, check.audience ?? audience) },
    {
      check: "subject",
      detail: claims.sub === undefined || claims.sub === "" ? FOREIGN_TOKENS.noSubject : null,
    },
  ];
  if (!findings.every(passes)) return refused();
  return { accepted: true, checks: done, subject: { issuer: claims.iss ?? "", sub: claims.sub ?? "" } };
}

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
  if (token.length > LENGTH) return FOREIGN_TOKENS.tooLong;
  if (header === null) return FOREIGN_TOKENS.notSigned;
  if (FOREIGN_ALGORITHMS.includes(header.alg)) return null;
  return FOREIGN_TOKENS.algorithm(FOREIGN_ALGORITHMS);
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
  if (exp === undefined) return FOREIGN_TOKENS.noExpiry;
  if (exp <= now - SKEW) return FOREIGN_TOKENS.expired;
  return nbf !== undefined && nbf > now + SKEW ? FOREIGN_TOKENS.notYet : null;
}

function faultOfIssuer({ iss }: Claims, expected: string | null, own: string): string | null {
  if (iss === own) return FOREIGN_TOKENS.ownIssuer;
  return expected === null || iss === expected ? null : FOREIGN_TOKENS.otherIssuer;
}

function faultOfAudience({ aud }: Claims, expected: string | null): string | null {
  if (expected === null || [aud ?? []].flat().includes(expected)) return null;
  return FOREIGN_TOKENS.otherAudience;
}
