import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { IssuerMismatchError, OAuthError } from "@modelcontextprotocol/client";
import type { OAuthClient } from "./token-record.ts";

export const failed = (appHost: string, reason: string, cause?: unknown): AppError =>
  new AppError("connect_failed", { detail: { app: appHost, reason }, cause });

/** Of the server itself; whatever is no answer of OAuth counts as the first. */
const TROUBLE = ["server_error", "temporarily_unavailable", "too_many_requests"];

/** A token of another kind (DPoP, MAC) would be sent in a form that its server refuses. */
export function checkTokens<Tokens extends { token_type: string; access_token: string }>(
  appHost: string,
  tokens: Tokens,
): Tokens {
  if (tokens.token_type.toLowerCase() === "bearer" && tokens.access_token !== "") return tokens;
  throw failed(appHost, "its tokens are of an unknown kind");
}

/** What a person can do about it differs: their own client they check, one that registered itself they replace. */
export function clientFault(appHost: string, { origin, redirectUri }: OAuthClient, cause?: unknown): AppError {
  if (origin === "own") return new AppError("connect_client_refused", { detail: { app: appHost }, cause });
  return new AppError("connect_client_rejected", { detail: { app: appHost, uri: redirectUri }, cause });
}

/**
 * What a failed token request means. The server's own words may hold anything, so only its error code is repeated, and
 * a server in trouble is told from one that refuses.
 */
export function tokenFault(appHost: string, client: OAuthClient, error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof IssuerMismatchError) {
    return failed(appHost, "the answer comes from another authorization server");
  }
  if (!(error instanceof OAuthError)) return failed(appHost, "its token answer cannot be read");
  const { code } = error;
  if (code === "invalid_client" || code === "unauthorized_client") return clientFault(appHost, client, error);
  const reason = /^[a-z_]{1,60}$/u.test(code) ? `its token endpoint answered ${code}` : "no token was issued";
  if (!TROUBLE.includes(code)) return failed(appHost, reason);
  return new AppError("connect_unreachable", { detail: { app: appHost, reason } });
}
