import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import {
  exchangeAuthorization,
  startAuthorization,
  validateAuthorizationResponseIssuer,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import { toSdkMetadata } from "./authorization-server.ts";
import { authenticateClient } from "./client-authentication.ts";
import type { Fetch } from "./metadata-fetch.ts";
import { checkTokens, clientFault, failed, tokenFault } from "./token-fault.ts";
import type { GrantContext } from "./token-record.ts";

/** The browser's window for authorisations; it shares the person's web sessions. */
export type Identity = {
  redirectUrl(): string;
  /**
   * Where identity providers answer. An app could name a provider's sign-in page as its own server's, and a client that
   * is known there; the provider refuses that for the address, which it has never heard.
   */
  providerRedirectUrl(): string;
  launchWebAuthFlow(flow: { url: string; interactive: boolean; silentTimeoutMs?: number }): Promise<string>;
};

export type AuthorizeDeps = { identity: Identity; fetch: Fetch; appHost: string; now: () => number };

const INTERACTIVE_MS = 5 * 60_000;
const SILENT_MS = 10_000;

export type CodeRequest = Pick<GrantContext, "server" | "client" | "scope"> & {
  /** Null at an identity provider, whose tokens are for this extension itself. */
  resource: string | null;
  /** For an ID token (OpenID Connect); `hint` is an earlier one of whom it should be for. */
  openid?: { nonce: string; hint: string | null };
};

/** Tokens, and when they were asked for. Milliseconds. */
export type Issued = { tokens: OAuthTokens; startedAt: number };

/**
 * One authorization code flow with PKCE S256.
 * @throws AppError `connect_denied`, `connect_timeout`, `connect_scope_missing`, `connect_client_rejected`,
 * `connect_client_refused`, `connect_failed`.
 */
export async function authorize(deps: AuthorizeDeps, request: CodeRequest, interactive: boolean): Promise<Issued> {
  const { server, client, scope, openid } = request;
  if (server.codesRefused !== undefined) throw failed(deps.appHost, server.codesRefused);
  const metadata = toSdkMetadata(server);
  const state = randomText();
  const resource = request.resource === null ? {} : { resource: request.resource };
  const { authorizationUrl, codeVerifier } = await startAuthorization(server.issuer, {
    metadata,
    clientInformation: { client_id: client.clientId },
    redirectUrl: client.redirectUri,
    state,
    ...resource,
    ...(scope === null ? {} : { scope }),
  });
  const parameters = authorizationUrl.searchParams;
  if (openid !== undefined) parameters.set("nonce", openid.nonce);
  if (openid !== undefined && openid.hint !== null) parameters.set("id_token_hint", openid.hint);
  // A silent flow can show nothing, so asking for the consent page would only make it fail.
  if (!interactive) parameters.delete("prompt");
  // One client for all apps: else what was allowed for one would be allowed, unasked, for any that names its server.
  else if (client.origin === "document") parameters.set("prompt", "consent");
  // OpenID Connect has a word for it, so that a provider without a session answers at once.
  if (!interactive && openid !== undefined) parameters.set("prompt", "none");

  const end = await openWindow(deps, authorizationUrl.href, interactive);
  const { code, iss } = checkAnswer(deps.appHost, end, request, state);
  const startedAt = deps.now();
  try {
    const tokens = await exchangeAuthorization(server.issuer, {
      metadata,
      clientInformation: { client_id: client.clientId },
      authorizationCode: code,
      ...(iss === null ? {} : { iss }),
      codeVerifier,
      redirectUri: client.redirectUri,
      ...resource,
      addClientAuthentication: authenticateClient(server, client),
      fetchFn: deps.fetch,
    });
    return { tokens: checkTokens(deps.appHost, tokens), startedAt };
  } catch (error) {
    throw tokenFault(deps.appHost, client, error);
  }
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
    const unloaded = /could not be loaded/iu.test(text);
    const reason = unloaded ? "its sign-in page cannot be loaded" : "the sign-in ended without an answer";
    throw failed(deps.appHost, reason, error);
  } finally {
    clearTimeout(timer);
  }
}

function checkAnswer(
  appHost: string,
  end: string,
  { server, client, scope }: CodeRequest,
  state: string,
): { code: string; iss: string | null } {
  const url = URL.canParse(end) ? new URL(end) : null;
  const expected = new URL(client.redirectUri);
  if (url === null || url.origin !== expected.origin || url.pathname !== expected.pathname) {
    throw failed(appHost, "the sign-in ended at another address");
  }
  const parameters = url.searchParams;
  for (const name of ["code", "state", "iss", "error"]) {
    if (parameters.getAll(name).length > 1) throw failed(appHost, "the answer is ambiguous");
  }
  if (parameters.get("state") !== state) throw failed(appHost, "the answer belongs to another sign-in");
  const iss = parameters.get("iss");
  try {
    // Before anything else is read: what another server says in this answer must not be shown.
    validateAuthorizationResponseIssuer({
      iss: iss ?? undefined,
      expectedIssuer: server.issuer,
      issParameterSupported: server.sendsIssuer,
    });
  } catch {
    throw failed(appHost, "the answer comes from another authorization server");
  }
  const error = parameters.get("error");
  if (error === "access_denied") throw new AppError("connect_denied", { detail: { app: appHost } });
  if (error === "invalid_scope") throw new AppError("connect_scope_missing", { detail: { scopes: scope ?? "" } });
  if (error === "unauthorized_client" || error === "invalid_client") throw clientFault(appHost, client);
  if (error !== null)
    throw failed(appHost, /^[a-z_]{1,60}$/u.test(error) ? `it answered ${error}` : "it answered an error");
  const code = parameters.get("code");
  if (code === null || code === "") throw failed(appHost, "the answer holds no code");
  return { code, iss };
}

export const randomText = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
