import { isAppError } from "@agent-personas/shared/errors/app-error";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { decodeProtectedHeader, jwtVerify, type CryptoKey } from "jose";
import { z } from "zod";
import type { Authorization } from "../deps.ts";
import { invalidToken } from "../inbound/invalid-token.ts";
import { findPresentedGrant } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import { checkGrant } from "./check-grant.ts";
import type { SigningKeys } from "./signing-keys.ts";

const ALGORITHM = "RS256";
const TYPE = "at+jwt";
const SKEW = 5;

const claimsSchema = z.object({
  jti: z.string().min(1),
  client_id: z.string().min(1),
  grant: z.string().min(1),
  scope: z.string(),
});
export type TokenClaims = z.infer<typeof claimsSchema>;

type Deps = { store: Store; now: () => number; keys: SigningKeys; issuer: string };

/** @throws AppError `invalid_token` */
export async function verifyToken(
  deps: Deps,
  token: string,
  audiences: readonly string[],
): ReturnType<Authorization["verify"]> {
  const claims = await readToken(deps, token, { audiences, expired: false });
  const grant = await findPresentedGrant(deps.store.db, claims.grant);
  if (grant === null || grant.clientId !== claims.client_id) throw invalidToken("This sign-in was ended.");
  const fault = checkGrant(grant, deps.now());
  if (fault !== null) throw invalidToken(fault);
  const { grantId, personaId, userId, clientId, scopes, tools, keyId } = grant;
  const carried = new Set(claims.scope.split(" "));
  const held: Scope[] = SCOPES.filter((scope) => carried.has(scope) && scopes.includes(scope));
  return { grant: { grantId, personaId, userId, clientId, scopes, tools, keyId }, scopes: held };
}

/** The claims of a token that this relay signed, for any audience and also after its time, to end its grant. */
export async function readOwnToken(deps: Deps, token: string): Promise<TokenClaims | null> {
  try {
    return await readToken(deps, token, { audiences: null, expired: true });
  } catch (error) {
    if (isAppError(error) && error.code === "invalid_token") return null;
    throw error;
  }
}

async function readToken(
  deps: Deps,
  token: string,
  { audiences, expired }: { audiences: readonly string[] | null; expired: boolean },
): Promise<TokenClaims> {
  const key = await findKey(deps, token);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: deps.issuer,
      ...(audiences === null ? {} : { audience: [...audiences] }),
      clockTolerance: SKEW,
      currentDate: new Date(expired ? 0 : deps.now()),
      requiredClaims: ["exp", "aud", "iss", "client_id", "jti", "grant", "scope"],
    });
    return claimsSchema.parse(payload);
  } catch (cause) {
    throw invalidToken(reasonOf(cause));
  }
}

async function findKey({ keys }: Deps, token: string): Promise<CryptoKey> {
  const header = readHeader(token);
  // Pinned before any key is looked at, so that no token chooses how it is verified.
  if (header?.alg !== ALGORITHM || header.typ?.toLowerCase() !== TYPE || header.kid === undefined) {
    throw invalidToken("This is not an access token of this relay.");
  }
  const key = await keys.publicKey(header.kid);
  if (key === null) throw invalidToken("This is not an access token of this relay.");
  return key;
}

function readHeader(token: string): ReturnType<typeof decodeProtectedHeader> | null {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return null;
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "ERR_JWT_EXPIRED") return "This token has expired.";
  if (cause instanceof Error && "claim" in cause && cause.claim === "aud") return "This token is for another address.";
  return "This is not an access token of this relay.";
}
