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
import { assertionId, signInAtProvider, type AskProvider, type SignInDeps } from "./oauth/identity-provider.ts";
import { revoke } from "./oauth/revoke.ts";
import { obtainTokens, type ObtainDeps } from "./oauth/obtain-tokens.ts";
import { signInChoiceId, signInChoiceSchema, type SignInChoice } from "./oauth/sign-in-choice.ts";
import {
  tokenRecordSchema,
  tokenSecretId,
  type Grant,
  type GrantContext,
  type OAuthClient,
  type TokenRecord,
} from "./oauth/token-record.ts";
import type { TokenOwner } from "./refresh.ts";
import type { Locks } from "./locks.ts";
import type { OriginRules } from "./origin-rules.ts";
import { dropUnused, noteSignedIn } from "./sign-in-method.ts";
import { scopeToAsk } from "./wanted-scopes.ts";

/** One Connect of a person's. Over as soon as another begins, or the connection is changed or disconnected. */
export type Attempt = { isCurrent(): boolean };

export type ConnectOAuthDeps = {
  database: Database;
  vault: Vault;
  locks: Locks;
  identity: Identity;
  /** In place of the person's window at identity providers: where somebody else has signed in there already. */
  askProvider?: AskProvider | undefined;
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
export async function connectOAuth(
  deps: ConnectOAuthDeps,
  connection: Connection,
  attempt: Attempt,
): Promise<TokenRecord> {
  const { row, app } = connection;
  const owner = ownerOf(connection);
  const fetch = fetchFor(deps, owner);
  const chosen = await readChoice(deps, row.connectionId);
  const choice = chosen?.value ?? null;
  const { server, resource, scope } = await discoverFor(deps, connection, choice);
  await checkReach(deps, originsOf(server));
  if (chosen !== null) await bindChoice(deps, connection, chosen, server.issuer);
  const identity = identityDeps(deps, connection, { server, resource, fetch, choice });
  const asked = scopeToAsk(scope, row);
  const grant = choice?.grant && (await withSubject(deps, row.connectionId, choice.grant));
  const obtain = async (client: OAuthClient): Promise<TokenRecord> => {
    const context: GrantContext =
      grant === undefined
        ? { server, client, resource, scope: asked }
        : { server, client, resource, scope: withoutOffline(asked), grant };
    return obtainTokens(obtainDeps(deps, owner), context, true);
  };
  const client = await loadClient(identity);
  const record = await obtain(client).catch(async (error: unknown) => {
    if (client.origin !== "registered" || !mayBeForgotten(error, grant)) throw error;
    await forgetRegisteredClient(deps.vault, { issuer: server.issuer, resource, grant });
    // Of a flow that a person has to go through again, that is theirs to begin.
    if (grant === undefined) throw error;
    return obtain(await loadClient(identity));
  });
  // Under the lock of refreshing, so that neither overwrites the other's newer tokens.
  const isKept = await deps.locks.request(`app-token:${row.connectionId}`, async () => {
    // A window may stay open for minutes, in which the person may have thought better of it.
    if (!attempt.isCurrent()) return false;
    await deps.vault.write(tokenSecretId(row.connectionId), record);
    await noteSignedIn(deps, row, record);
    return true;
  });
  if (isKept) return record;
  await revoke(fetch, record);
  await dropUnused(deps);
  throw superseded(app.name);
}

/**
 * Whether the server may have forgotten a client registered earlier. Its page then shows an error and never returns;
 * where it has none, it says so.
 */
function mayBeForgotten(error: unknown, grant: Grant | undefined): boolean {
  if (!isAppError(error)) return false;
  if (grant !== undefined) return error.code === "connect_client_rejected";
  return !["connect_permission", "connect_unreachable"].includes(error.code);
}

/** A client stays with the server that it was entered for: its secret goes to no other that the app names later. */
async function bindChoice(
  deps: ConnectOAuthDeps,
  { row, app }: Connection,
  { value: choice, revision }: Stored<SignInChoice>,
  issuer: string,
): Promise<void> {
  if (choice.clientId === null || choice.issuer === issuer) return;
  if (choice.issuer !== null) {
    throw new AppError("connect_server_changed", { detail: { app: app.name, server: issuer } });
  }
  const bound = await deps.vault.compareAndSwap(signInChoiceId(row.connectionId), revision, { ...choice, issuer });
  if (bound === null) throw superseded(app.name);
}

/** Whose account it is already; anybody's who is signed in at the provider, where it is not. */
async function withSubject({ vault }: ConnectOAuthDeps, connectionId: string, grant: Grant): Promise<Grant> {
  if (grant.kind !== "enterprise_managed") return grant;
  const before = (await vault.read(tokenSecretId(connectionId), tokenRecordSchema))?.value.context.grant;
  const isSame = before?.kind === grant.kind && assertionId(before.provider) === assertionId(grant.provider);
  return isSame ? { ...grant, subject: before.subject } : grant;
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
  const wanted = { forCodes: choice?.grant === undefined, issuer: choice?.issuer ?? null };
  return discover(url, await askChallenge(deps, url), fetchFor(deps, ownerOf(connection)), wanted);
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

function obtainDeps(deps: ConnectOAuthDeps, owner: TokenOwner): ObtainDeps {
  const atProvider: SignInDeps = {
    identity: deps.identity,
    now: deps.now,
    // A provider is guarded as an app is: it may name no address that an app at its place might not.
    fetchAt: (issuer) => fetchFor(deps, { appUrl: issuer }),
    checkReach: (origins) => checkReach(deps, origins),
  };
  return {
    ...deps,
    ...atProvider,
    fetch: fetchFor(deps, owner),
    askProvider: deps.askProvider ?? ((provider, how) => signInAtProvider(atProvider, provider, how)),
    appHost: owner.appName,
  };
}

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
