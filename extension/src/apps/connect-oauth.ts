import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import type { Vault } from "../vault/vault.ts";
import { ownerOf } from "./credentials.ts";
import { askChallenge } from "./knock.ts";
import type { Connection } from "./load-connection.ts";
import { originsOf } from "./oauth/authorization-server.ts";
import { authorize, type AuthorizeDeps, type Identity } from "./oauth/authorize.ts";
import { forgetRegisteredClient, loadClient, type ClientIdentityDeps } from "./oauth/client-identity.ts";
import { discover, type Discovered } from "./oauth/discover.ts";
import { createMetadataFetch, type Fetch } from "./oauth/metadata-fetch.ts";
import { tokenSecretId, type GrantContext, type TokenRecord } from "./oauth/token-record.ts";
import type { TokenOwner } from "./refresh.ts";
import type { Locks } from "./locks.ts";
import type { OriginRules } from "./origin-rules.ts";
import { scopeToAsk } from "./wanted-scopes.ts";

export type ConnectOAuthDeps = {
  vault: Vault;
  locks: Locks;
  identity: Identity;
  fetch: Fetch;
  originRules: OriginRules;
  mayReach(url: string): Promise<boolean>;
  /** Where this extension's client metadata document is; null where it has none. */
  clientDocument: string | null;
  /** Told to apps. */
  version: string;
  now: () => number;
};

/**
 * Signs a connection in with the person's web session and stores the tokens in the vault.
 * @throws AppError of the `connect_…` family.
 */
export async function connectOAuth(deps: ConnectOAuthDeps, connection: Connection): Promise<TokenRecord> {
  const { row } = connection;
  const owner = ownerOf(connection);
  const fetch = fetchFor(deps, owner);
  const { server, resource, scope } = await discoverFor(deps, connection);
  await checkReach(deps, originsOf(server));
  const client = await loadClient(identityDeps(deps, connection, { server, resource, fetch }));
  const context: GrantContext = { server, client, resource, scope: scopeToAsk(scope, row) };
  try {
    const record = await authorize(authorizeDeps(deps, owner), context, true);
    // Under the lock of refreshing, so that neither overwrites the other's newer tokens.
    await deps.locks.request(`app-token:${row.connectionId}`, () =>
      deps.vault.write(tokenSecretId(row.connectionId), record),
    );
    return record;
  } catch (error) {
    // The server may have forgotten a client registered earlier; its page then shows an error and never returns.
    const unanswered = isAppError(error) && !["connect_permission", "connect_unreachable"].includes(error.code);
    const registered = { issuer: server.issuer, resource };
    if (client.origin === "registered" && unanswered) await forgetRegisteredClient(deps.vault, registered);
    throw error;
  }
}

/**
 * Registers this extension at an app that describes no sign-in, which an authorization server of 2025-03-26 need not;
 * the next sign-in there uses the client. No rule for its origin comes of what may be a refusal of everybody.
 * @throws AppError of the `connect_…` family: `connect_client_rejected` where nothing registers it
 */
export async function registerUndescribed(deps: ConnectOAuthDeps, connection: Connection): Promise<void> {
  const { server, resource } = await discoverFor(deps, connection);
  const originRules: OriginRules = { strip: () => Promise.resolve(false) };
  const fetch = fetchFor({ ...deps, originRules }, ownerOf(connection));
  await loadClient(identityDeps(deps, connection, { server, resource, fetch }));
}

/** The authorization server that the app names now. */
export async function issuerOf(deps: ConnectOAuthDeps, connection: Connection): Promise<string> {
  return (await discoverFor(deps, connection)).server.issuer;
}

const identityDeps = (
  { vault, identity, clientDocument }: ConnectOAuthDeps,
  { app, row }: Connection,
  found: Pick<ClientIdentityDeps, "server" | "resource" | "fetch">,
): ClientIdentityDeps => ({
  ...found,
  vault,
  appHost: app.name,
  connectionId: row.connectionId,
  redirectUri: identity.redirectUrl(),
  clientDocument,
});

async function discoverFor(deps: ConnectOAuthDeps, connection: Connection): Promise<Discovered> {
  const { url } = connection.app;
  return discover(url, await askChallenge(deps, url), fetchFor(deps, ownerOf(connection)));
}

/** A flow without a window: what the person's web session still allows is renewed unasked. */
export function renewSilently(deps: ConnectOAuthDeps, owner: TokenOwner, context: GrantContext): Promise<TokenRecord> {
  return authorize(authorizeDeps(deps, owner), context, false);
}

export function fetchFor(deps: Pick<ConnectOAuthDeps, "fetch" | "mayReach" | "originRules">, owner: TokenOwner): Fetch {
  return createMetadataFetch({
    fetch: deps.fetch,
    originRules: deps.originRules,
    appUrl: owner.appUrl,
    mayReach: (url) => deps.mayReach(url.href),
  });
}

function authorizeDeps(deps: ConnectOAuthDeps, owner: TokenOwner): AuthorizeDeps {
  return { identity: deps.identity, fetch: fetchFor(deps, owner), appHost: owner.appName, now: deps.now };
}

/** All at once, so that the person is asked once. */
async function checkReach(deps: ConnectOAuthDeps, origins: string[]): Promise<void> {
  const missing: string[] = [];
  for (const origin of origins) if (!(await deps.mayReach(`${origin}/`))) missing.push(origin);
  if (missing.length > 0) throw new AppError("connect_permission", { detail: { origins: missing.join(", ") } });
}
