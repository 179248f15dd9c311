import type { OAuthTokens } from "@modelcontextprotocol/client";
import { z } from "zod";
import { authorizationServerSchema } from "./authorization-server.ts";

/** The grant by which a signed statement on somebody becomes a token (RFC 7523 2.1). */
export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** A private key that proves a client (RFC 7523), and what it can sign with, in order of preference. */
export const clientKeySchema = z.strictObject({
  jwk: z.looseObject({ kty: z.string() }),
  algorithms: z.array(z.string()).min(1),
});
export type ClientKey = z.infer<typeof clientKeySchema>;

/** A client identity at one issuer. */
export const oauthClientSchema = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string().nullable(),
  /** Instead of a secret. */
  key: clientKeySchema.optional(),
  /** As registered; null when the server's metadata decides. */
  authMethod: z.string().nullable(),
  redirectUri: z.string(),
  /** `own`: entered by the person, never replaced by registering; `document`: the id is the address of a description. */
  origin: z.enum(["registered", "own", "document"]),
});
export type OAuthClient = z.infer<typeof oauthClientSchema>;

/** The identity provider of an organisation, and who this extension is there. */
export const providerSchema = z.strictObject({
  issuer: z.string(),
  clientId: z.string(),
  clientSecret: z.string().nullable(),
});
export type Provider = z.infer<typeof providerSchema>;

/** How tokens are obtained where no person consents to it at the app's authorization server. */
export const grantSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("client_credentials") }),
  z.strictObject({
    kind: z.literal("enterprise_managed"),
    provider: providerSchema,
    /** Whom it vouched for; null before the first time. */
    subject: z.string().nullable(),
  }),
]);
export type Grant = z.infer<typeof grantSchema>;

/** What an authorisation was asked with; enough to refresh, renew silently or revoke without discovery. */
export const grantContextSchema = z.strictObject({
  server: authorizationServerSchema,
  client: oauthClientSchema,
  resource: z.string(),
  scope: z.string().nullable(),
  /** Absent: a person consents (authorization code). */
  grant: grantSchema.optional(),
});
export type GrantContext = z.infer<typeof grantContextSchema>;

/** The tokens of one connection, sealed in the vault as `tokens/<connectionId>`. Times in ms since the epoch. */
export const tokenRecordSchema = z.strictObject({
  context: grantContextSchema,
  accessToken: z.string().min(1),
  refreshToken: z.string().nullable(),
  grantedScope: z.string().nullable(),
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
});
export type TokenRecord = z.infer<typeof tokenRecordSchema>;

export const tokenSecretId = (connectionId: string): string => `tokens/${connectionId}`;

export function toTokenRecord(context: GrantContext, tokens: OAuthTokens, obtainedAt: number): TokenRecord {
  return {
    context,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    grantedScope: tokens.scope ?? context.scope,
    obtainedAt,
    expiresAt: tokens.expires_in === undefined ? null : obtainedAt + Math.max(0, tokens.expires_in) * 1_000,
  };
}

const EARLY_MS = 60_000;

/** False from 60 s before the end, or from the last fifth of tokens that live shorter than five minutes. */
export function isFresh(record: TokenRecord, now: number): boolean {
  if (record.expiresAt === null) return true;
  const early = Math.min(EARLY_MS, (record.expiresAt - record.obtainedAt) / 5);
  return now < record.expiresAt - early;
}
