import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import {
  exchangeAuthorization,
  IssuerMismatchError,
  OAuthError,
  startAuthorization,
  validateAuthorizationResponseIssuer,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import { toSdkMetadata } from "./authorization-server.ts";
import { authenticateClient } from "./client-authentication.ts";
import type { Fetch } from "./metadata-fetch.ts";
import { toTokenRecord, type GrantContext, type TokenRecord } from "./token-record.ts";

/** The browser's window for authorisations; it shares the person's web sessions. */
export type Identity = {
  redirectUrl(): string;
  launchWebAuthFlow(flow: { url: string; interactive: boolean; silentTimeoutMs?: number }): Promise<string>;
};

export type AuthorizeDeps = { identity: Identity; fetch: Fetch; appHost: string; now: () => number };

const INTERACTIVE_MS = 5 * 60_000;
const SILENT_MS = 10_000;

/**
 * One authorization code flow with PKCE S256.
 * @throws AppError `connect_denied`, `connect_timeout`, `connect_scope_missing`, `connect_client_rejected`, `connect_failed`.
 */
export async function authorize(
  deps: AuthorizeDeps,
  context: GrantContext,
  interactive: boolean,
): Promise<TokenRecord> {
  const { server, client, resource, scope } = context;
  const metadata = toSdkMetadata(server);
  const state = randomState();
  const { authorizationUrl, codeVerifier } = await startAuthorization(server.issuer, {
    metadata,
    clientInformation: { client_id: client.clientId },
    redirectUrl: client.redirectUri,
    state,
    resource,
    ...(scope === null ? {} : { scope }),
  });
  // A silent flow can show nothing, so asking for the consent page would only make it fail.
  if (!interactive) authorizationUrl.searchParams.delete("prompt");
  // One client for all apps: else what was allowed for one would be allowed, unasked, for any that names its server.
  else if (client.origin === "document") authorizationUrl.searchParams.set("prompt", "consent");

  const end = await openWindow(deps, authorizationUrl.href, interactive);
  const { code, iss } = checkAnswer(deps.appHost, end, context, state);
  const startedAt = deps.now();
  try {
    const tokens = await exchangeAuthorization(server.issuer, {
      metadata,
      clientInformation: { client_id: client.clientId },
      authorizationCode: code,
      ...(iss === null ? {} : { iss }),
      codeVerifier,
      redirectUri: client.redirectUri,
      resource,
      addClientAuthentication: authenticateClient(server, client),
      fetchFn: deps.fetch,
    });
    return toTokenRecord(context, checkTokens(deps.appHost, tokens), startedAt);
  } catch (error) {
    throw tokenFault(deps.appHost, error);
  }
}

/** A token of another kind (DPoP, MAC) would be sent in a form that its server refuses. */
export function checkTokens(appHost: string, tokens: OAuthTokens): OAuthTokens {
  if (tokens.token_type.toLowerCase() === "bearer" && tokens.access_token !== "") return tokens;
  throw new AppError("connect_failed", { detail: { app: appHost, reason: "its tokens are of an unknown kind" } });
}

async function openWindow(deps: AuthorizeDeps, url: string, interactive: boolean): Promise<string> {
  const limit = interactive ? INTERACTIVE_MS : SILENT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError("connect_timeout")), limit + 1_000);
  });
  const flow = interactive ? { url, interactive } : { url, interactive, silentTimeoutMs: SILENT_MS };
  try {
    return await Promise.race([deps.identity.launchWebAuthFlow(flow), late]);
  } catch (error) {
    if (isAppError(error)) throw error;
    const text = error instanceof Error ? error.message : "";
    const detail = { app: deps.appHost };
    if (/not approve|denied|cancel/iu.test(text)) throw new AppError("connect_denied", { detail, cause: error });
    const reason = /could not be loaded/iu.test(text)
      ? "its sign-in page cannot be loaded"
      : "the sign-in ended without an answer";
    throw new AppError("connect_failed", { detail: { ...detail, reason }, cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function checkAnswer(
  appHost: string,
  end: string,
  { server, client, scope }: GrantContext,
  state: string,
): { code: string; iss: string | null } {
  const failed = (reason: string): AppError => new AppError("connect_failed", { detail: { app: appHost, reason } });
  const url = URL.canParse(end) ? new URL(end) : null;
  const expected = new URL(client.redirectUri);
  if (url === null || url.origin !== expected.origin || url.pathname !== expected.pathname) {
    throw failed("the sign-in ended at another address");
  }
  const parameters = url.searchParams;
  for (const name of ["code", "state", "iss", "error"]) {
    if (parameters.getAll(name).length > 1) throw failed("the answer is ambiguous");
  }
  if (parameters.get("state") !== state) throw failed("the answer belongs to another sign-in");
  const iss = parameters.get("iss");
  try {
    // Before anything else is read: what another server says in this answer must not be shown.
    validateAuthorizationResponseIssuer({
      iss: iss ?? undefined,
      expectedIssuer: server.issuer,
      issParameterSupported: server.sendsIssuer,
    });
  } catch {
    throw failed("the answer comes from another authorization server");
  }
  const error = parameters.get("error");
  if (error === "access_denied") throw new AppError("connect_denied", { detail: { app: appHost } });
  if (error === "invalid_scope") throw new AppError("connect_scope_missing", { detail: { scopes: scope ?? "" } });
  if (error === "unauthorized_client" || error === "invalid_client") {
    throw new AppError("connect_client_rejected", { detail: { app: appHost, uri: client.redirectUri } });
  }
  if (error !== null) throw failed(/^[a-z_]{1,60}$/u.test(error) ? `it answered ${error}` : "it answered an error");
  const code = parameters.get("code");
  if (code === null || code === "") throw failed("the answer holds no code");
  return { code, iss };
}

/** The server's own words may hold anything, so only its error code is repeated. */
function tokenFault(appHost: string, error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof IssuerMismatchError) {
    return new AppError("connect_failed", {
      detail: { app: appHost, reason: "the answer comes from another authorization server" },
    });
  }
  if (error instanceof OAuthError) {
    const { code } = error;
    if (code === "invalid_client" || code === "unauthorized_client") {
      return new AppError("connect_client_rejected", { detail: { app: appHost } });
    }
    const reason = /^[a-z_]{1,60}$/u.test(code) ? `its token endpoint answered ${code}` : "no token was issued";
    return new AppError("connect_failed", { detail: { app: appHost, reason } });
  }
  return new AppError("connect_failed", { detail: { app: appHost, reason: "its token answer cannot be read" } });
}

function randomState(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
