import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import type { Database } from "../db/database.ts";
import type { Stored, Vault } from "../vault/vault.ts";
import { ownerOf } from "./credentials.ts";
import { askChallenge } from "./knock.ts";
import type { Connection } from "./load-connection.ts";
import { originsOf } from "./oauth/authorization-server.ts";
import type { Identity } from "./oauth/authorize.ts";
import { forgetRegisteredClient, loadClient, type ClientIdentityDeps } from "./oauth/client-identity.ts";
import { discover, type Discovered } from "./oauth/discover.ts";
import { createMetadataFetch, type Fetch } from "./oauth/metadata-fetch.ts";
import { obtainTokens, type ObtainDeps } from "./oauth/obtain-tokens.ts";
import {
  isChosen,
  isSameGrant,
  signInChoiceId,
  signInChoiceSchema,
  type SignInChoice,
} from "./oauth/sign-in-choice.ts";
import { failed } from "./oauth/token-fault.ts";
import {
  tokenRecordSchema,
  tokenSecretId,
  type Grant,
  type GrantContext,
  type TokenRecord,
} from "./oauth/token-record.ts";
import type { TokenOwner } from "./refresh.ts";
import type { Locks } from "./locks.ts";
import type { OriginRules } from "./origin-rules.ts";
import { scopeToAsk } from "./wanted-scopes.ts";

export type ConnectOAuthDeps = {
  database: Database;
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
 * Signs a connection in, as it was chosen for it, with the person's web session else; stores the tokens in the vault.
 * @throws AppError of the `connect_…` family.
 */
export async function connectOAuth(deps: ConnectOAuthDeps, connection: Connection): Promise<TokenRecord> {
  const { row } = connection;
  const owner = ownerOf(connection);
  const fetch = fetchFor(deps, owner);
  const chosen = await readChoice(deps, row.connectionId);
  const choice = chosen?.value ?? null;
  const { server, resource, scope } = await discoverFor(deps, connection, choice);
  await checkReach(deps, originsOf(server));
  if (chosen !== null) await bindChoice(deps, connection, chosen, server.issuer);
  const client = await loadClient(identityDeps(deps, connection, { server, resource, fetch, choice }));
  const asked = scopeToAsk(scope, row);
  const grant = choice?.grant && (await withSubject(deps, row.connectionId, choice.grant));
  const context: GrantContext =
    grant === undefined
      ? { server, client, resource, scope: asked }
      : { server, client, resource, scope: withoutOffline(asked), grant };
  try {
    const record = await obtainTokens(obtainDeps(deps, owner), context, true);
    await keepTokens(deps, connection, record);
    return record;
  } catch (error) {
    const registered = { issuer: server.issuer, resource, grant };
    if (client.origin === "registered" && mayBeForgotten(error, context)) {
      await forgetRegisteredClient(deps.vault, registered);
    }
    throw error;
  }
}

/**
 * Whether the server may have forgotten a client registered earlier. Its page then shows an error and never returns;
 * where it has none, it says so.
 */
function mayBeForgotten(error: unknown, { grant }: GrantContext): boolean {
  if (!isAppError(error)) return false;
  if (grant !== undefined) return error.code === "connect_client_rejected";
  return !["connect_permission", "connect_unreachable", "connect_superseded"].includes(error.code);
}

/** A client stays with the server that it is first used at: its secret goes to no other that the app names later. */
async function bindChoice(
  deps: ConnectOAuthDeps,
  { row, app }: Connection,
  { value: choice, revision }: Stored<SignInChoice>,
  issuer: string,
): Promise<void> {
  if (choice.issuer === issuer) return;
  if (choice.issuer !== null) {
    // The form names it, so that the person can agree to it.
    await deps.database.connections.update(row.connectionId, { issuer });
    throw failed(app.name, `its authorization server is ${issuer} now; enter how it signs in again if that is right`);
  }
  const bound = await deps.vault.compareAndSwap(signInChoiceId(row.connectionId), revision, { ...choice, issuer });
  if (bound === null) throw superseded(app.name);
}

/** Under the lock of refreshing, so that neither overwrites the other's newer tokens. */
async function keepTokens(deps: ConnectOAuthDeps, { row, app }: Connection, record: TokenRecord): Promise<void> {
  const { connectionId } = row;
  await deps.locks.request(`app-token:${connectionId}`, async () => {
    // A window may stay open for minutes, in which the person may have thought better of it.
    const choice = await loadChoice(deps, connectionId);
    const isThere = (await deps.database.connections.get(connectionId)) !== undefined;
    if (!isThere || !isChosen(record.context, choice)) throw superseded(app.name);
    await deps.vault.write(tokenSecretId(connectionId), record);
  });
}

/** Whose account it is already; anybody's who is signed in at the provider, where it is not. */
async function withSubject({ vault }: ConnectOAuthDeps, connectionId: string, grant: Grant): Promise<Grant> {
  const stored = await vault.read(tokenSecretId(connectionId), tokenRecordSchema).catch(() => null);
  const before = stored?.value.context.grant;
  return before !== undefined && isSameGrant(before, grant) ? before : grant;
}

const superseded = (app: string): AppError => new AppError("connect_superseded", { detail: { app } });

/**
 * Registers this extension at an app that describes no sign-in, which an authorization server of 2025-03-26 need not;
 * the next sign-in there uses the client. No rule for its origin comes of what may be a refusal of everybody.
 * @throws AppError of the `connect_…` family: `connect_client_rejected` where nothing registers it
 */
export async function registerUndescribed(deps: ConnectOAuthDeps, connection: Connection): Promise<void> {
  const { server, resource } = await discoverFor(deps, connection, null);
  const originRules: OriginRules = { strip: () => Promise.resolve(false) };
  const fetch = fetchFor({ ...deps, originRules }, ownerOf(connection));
  await loadClient(identityDeps(deps, connection, { server, resource, fetch, choice: null }));
}

/** The authorization server that the app names now. */
export async function issuerOf(deps: ConnectOAuthDeps, connection: Connection): Promise<string> {
  const choice = await loadChoice(deps, connection.row.connectionId);
  return (await discoverFor(deps, connection, choice)).server.issuer;
}

const identityDeps = (
  { vault, identity, clientDocument }: ConnectOAuthDeps,
  { app, row }: Connection,
  found: Pick<ClientIdentityDeps, "server" | "resource" | "fetch" | "choice">,
): ClientIdentityDeps => ({
  ...found,
  vault,
  appHost: app.name,
  connectionId: row.connectionId,
  redirectUri: identity.redirectUrl(),
  clientDocument,
});

async function discoverFor(
  deps: ConnectOAuthDeps,
  connection: Connection,
  choice: SignInChoice | null,
): Promise<Discovered> {
  const { url } = connection.app;
  const forCodes = choice?.grant === undefined;
  return discover(url, await askChallenge(deps, url), fetchFor(deps, ownerOf(connection)), forCodes);
}

const readChoice = ({ vault }: ConnectOAuthDeps, connectionId: string): Promise<Stored<SignInChoice> | null> =>
  vault.read(signInChoiceId(connectionId), signInChoiceSchema);

/** How the connection is to sign in, where a person chose. */
export const loadChoice = async (deps: ConnectOAuthDeps, connectionId: string): Promise<SignInChoice | null> =>
  (await readChoice(deps, connectionId))?.value ?? null;

/** Without a window: what the person's web session, or a credential of its own, still allows is renewed unasked. */
export function renewSilently(deps: ConnectOAuthDeps, owner: TokenOwner, context: GrantContext): Promise<TokenRecord> {
  return obtainTokens(obtainDeps(deps, owner), context, false);
}

type FetchDeps = Pick<ConnectOAuthDeps, "fetch" | "mayReach" | "originRules">;

export const fetchFor = (deps: FetchDeps, { appUrl }: Pick<TokenOwner, "appUrl">): Fetch =>
  createMetadataFetch({
    fetch: deps.fetch,
    originRules: deps.originRules,
    appUrl,
    mayReach: (url) => deps.mayReach(url.href),
  });

const obtainDeps = (deps: ConnectOAuthDeps, owner: TokenOwner): ObtainDeps => ({
  ...deps,
  fetch: fetchFor(deps, owner),
  // A provider is guarded as an app is: it may name no address that an app at its place might not.
  fetchAt: (issuer) => fetchFor(deps, { appUrl: issuer }),
  checkReach: (origins) => checkReach(deps, origins),
  appHost: owner.appName,
});

/** No grant but a person's consent brings a refresh token. */
const withoutOffline = (scope: string | null): string | null =>
  scope
    ?.split(" ")
    .filter((name) => name !== "offline_access")
    .join(" ") || null;

/** All at once, so that the person is asked once. */
async function checkReach(deps: ConnectOAuthDeps, origins: string[]): Promise<void> {
  const missing: string[] = [];
  for (const origin of origins) if (!(await deps.mayReach(`${origin}/`))) missing.push(origin);
  if (missing.length > 0) throw new AppError("connect_permission", { detail: { origins: missing.join(", ") } });
}
