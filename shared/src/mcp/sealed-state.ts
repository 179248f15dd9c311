import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from "jose";
import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { canonicalJson } from "../primitives/canonical-json.ts";
import { createId } from "../primitives/id.ts";
import { sha256Hex } from "../primitives/sha256.ts";

/** How far the clocks of the relay's nodes may differ. Seconds. */
const SKEW = 5;
/** How long a caller may take with its answer, so that it is at most ten minutes on any node. Milliseconds. */
export const STATE_LIFETIME_MS = 10 * 60_000 - SKEW * 1_000;
/** Longest state of an app that is sealed. Bytes of UTF-8 JSON. */
export const STATE_BYTES = 64 * 1024;
/** Longest sealed text that is looked at: the longest state, encrypted and in base64, with its header and claims. */
export const SEALED_LENGTH = 96 * 1024;

const TYPE = "ap-state+jwt";
/** What a client adds or changes when it sends the same request again with its answers. */
const CHANGES_ON_RETRY = new Set(["_meta", "inputResponses", "requestState"]);

/** Which request a state belongs to. Two requests with equal scopes may use each other's states; no others may. */
export type StateScope = {
  personaId: string;
  /** Who calls: kind and id as authenticated, never what the client says of itself. */
  principal: { kind: string; id: string };
  method: string;
  /** As the client sent them. `_meta`, `inputResponses` and `requestState` do not count. */
  params: Readonly<Record<string, unknown>>;
};

/** 256 bits; the same on every node. `id` tells which one, so that keys can be changed with an overlap. */
export type StateKey = { id: string; secret: Uint8Array };

/** `id` is new for each sealing: a caller that needs one-time use remembers it until `expiresAt` (ms). */
export type OpenedState = { state: unknown; id: string; expiresAt: number };

const claimsSchema = z.object({ jti: z.string(), exp: z.number(), req: z.string(), state: z.unknown() });

/**
 * Seals what must come back unchanged with the caller's next request, as `requestState` of an `input_required` result.
 * Encrypted too: what an app keeps in its state is not for the client.
 * @throws AppError `result_too_large` for a state above `STATE_BYTES`
 */
export async function sealState(state: unknown, scope: StateScope, key: StateKey, now: number): Promise<string> {
  const json = JSON.stringify(state);
  if (json === undefined) throw new TypeError("The state has no JSON form.");
  if (new TextEncoder().encode(json).length > STATE_BYTES) {
    throw new AppError("result_too_large", { detail: { cap: `${STATE_BYTES / 1024} KiB` } });
  }
  const claims: JWTPayload = { req: await digest(scope), state };
  return new EncryptJWT(claims)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: TYPE, kid: key.id })
    .setAudience(scope.personaId)
    .setSubject(subjectOf(scope))
    .setJti(createId("state", now))
    .setIssuedAt(new Date(now))
    .setExpirationTime(new Date(now + STATE_LIFETIME_MS))
    .encrypt(key.secret);
}

/**
 * Opens what `sealState` made for an equal scope, within its lifetime, with any of `keys`.
 * @throws AppError `invalid_request`; the text does not tell what was wrong, so that trying teaches nothing
 */
export async function openState(
  sealed: unknown,
  scope: StateScope,
  keys: readonly StateKey[],
  now: number,
): Promise<OpenedState> {
  if (typeof sealed !== "string" || sealed.length > SEALED_LENGTH) throw refusal();
  try {
    const { payload } = await jwtDecrypt(sealed, ({ kid }) => secretOf(keys, kid), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      maxDecompressedLength: 0,
      typ: TYPE,
      audience: scope.personaId,
      subject: subjectOf(scope),
      maxTokenAge: STATE_LIFETIME_MS / 1_000,
      currentDate: new Date(now),
      clockTolerance: SKEW,
      requiredClaims: ["aud", "sub", "jti", "iat", "exp", "req", "state"],
    });
    const claims = claimsSchema.parse(payload);
    if (claims.req !== (await digest(scope))) throw new errors.JWTInvalid("another request");
    return { state: claims.state, id: claims.jti, expiresAt: claims.exp * 1_000 };
  } catch (cause) {
    throw refusal(cause);
  }
}

function secretOf(keys: readonly StateKey[], id: string | undefined): Uint8Array {
  const key = keys.find((each) => each.id === id);
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key.secret;
}

/** A list keeps its members apart, whatever characters an id has. */
const subjectOf = ({ principal }: StateScope): string => JSON.stringify([principal.kind, principal.id]);

function digest({ personaId, principal, method, params }: StateScope): Promise<string> {
  const lasting = Object.entries(params).filter(([name]) => !CHANGES_ON_RETRY.has(name));
  return sha256Hex(canonicalJson([personaId, principal.kind, principal.id, method, Object.fromEntries(lasting)]));
}

function refusal(cause?: unknown): AppError {
  const problem = "requestState is not one of this request, or its ten minutes are over";
  return new AppError("invalid_request", { detail: { problem }, ...(cause === undefined ? {} : { cause }) });
}
