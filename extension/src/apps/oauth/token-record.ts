import type { OAuthTokens } from "@modelcontextprotocol/client";
import { z } from "zod";
import { authorizationServerSchema } from "./authorization-server.ts";

/** A client identity at one issuer. */
export const oauthClientSchema = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string().nullable(),
  /** As registered; null when the server's metadata decides. */
  authMethod: z.string().nullable(),
  redirectUri: z.string(),
  /** `own`: entered by the person, never replaced by registering; `document`: the id is the address of a description. */
  origin: z.enum(["registered", "own", "document"]),
});
export type OAuthClient = z.infer<typeof oauthClientSchema>;

/** What an authorisation was asked with; enough to refresh, renew silently or revoke without discovery. */
export const grantContextSchema = z.strictObject({
  server: authorizationServerSchema,
  client: oauthClientSchema,
  resource: z.string(),
  scope: z.string().nullable(),
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
