import type { TokenCheck } from "@agent-personas/shared/api/passthrough";

/** What each check of a foreign token found: read by callers in refusals, and by owners who try a token. */
export const FOREIGN_TOKENS = {
  passed: {
    form: "It is a signed token with an algorithm that is accepted.",
    keys: "The key that it names was found.",
    signature: "The signature is the issuer's.",
    expiry: "It is valid now.",
    issuer: "The issuer is accepted.",
    audience: "The audience is accepted.",
    subject: "It names its subject.",
  } satisfies Record<TokenCheck, string>,

  tooLong: "The token is too long.",
  notSigned: "This is not a signed token (JWT).",
  algorithm: (accepted: readonly string[]) =>
    `The token's algorithm is not accepted; it must be one of ${accepted.join(", ")}.`,
  signature: "The signature does not fit the issuer's key.",
  noExpiry: "The token has no time of expiry (exp).",
  expired: "The token has expired.",
  notYet: "The token is not valid yet (nbf).",
  ownIssuer: "Tokens of this relay are not accepted here.",
  otherIssuer: "The token is of another issuer (iss).",
  otherAudience: "The token is for another audience (aud).",
  noSubject: "The token has no subject (sub).",

  keysUnreachable: "The address of the keys cannot be reached, or is not a public one.",
  keysAskedTooOften: "The host of the keys was asked too often; try again in a minute.",
  keysStatus: (status: number) => `The address of the keys answered with HTTP ${status}; it must answer 200.`,
  keysForm: "The address of the keys did not answer with a JWK Set of public keys.",
  noKey: "None of the issuer's keys has the token's key id and algorithm.",
  severalKeys: "Several keys fit and the token names none of them (kid).",
  unusableKey: "The issuer's key cannot be used.",
} as const;
