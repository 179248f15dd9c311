import { AppError } from "@agent-personas/shared/errors/app-error";
import type { OAuthTokens } from "@modelcontextprotocol/client";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { Vault } from "../../vault/vault.ts";
import type { Locks } from "../locks.ts";
import { authorizationServerSchema, originsOf, type AuthorizationServer } from "./authorization-server.ts";
import { authorize, randomText, type Identity } from "./authorize.ts";
import type { Fetch } from "./metadata-fetch.ts";
import { loadServerMetadata } from "./server-metadata.ts";
import { failed } from "./token-fault.ts";
import { oauthClientSchema, type OAuthClient, type Provider } from "./token-record.ts";

const assertionSchema = z.strictObject({
  context: z.strictObject({ server: authorizationServerSchema, client: oauthClientSchema }),
  idToken: z.string(),
  subject: z.string(),
  /** Milliseconds. */
  expiresAt: z.number(),
});
/** An identity provider's word on who the person is, sealed in the vault; one for all apps that ask through it. */
export type IdentityAssertion = z.infer<typeof assertionSchema>;

/** Signs in at a provider. Without `interactive` nothing is shown; `hint` is an earlier ID token of whom it should be. */
export type AskProvider = (
  provider: Provider,
  how: { interactive: boolean; hint: string | null },
) => Promise<IdentityAssertion>;

export type IdentityProviderDeps = {
  vault: Vault;
  locks: Locks;
  askProvider: AskProvider;
  /** Of the app that is to be opened, in words to people. */
  appHost: string;
  /** The guarded fetch for a server whose own address is `issuer`. */
  fetchAt(issuer: string): Fetch;
  now: () => number;
};

export type SignInDeps = Pick<IdentityProviderDeps, "fetchAt" | "now"> & {
  identity: Identity;
  /** @throws AppError `connect_permission`. */
  checkReach(origins: string[]): Promise<void>;
};

/** An ID token is sent at once, so it need not last. Milliseconds. */
const EARLY_MS = 30_000;

export const ASSERTIONS = "identity/";
/** Its place in the vault, and the name of the lock under which it is changed. */
export const assertionId = ({ issuer, clientId }: Pick<Provider, "issuer" | "clientId">): string =>
  `${ASSERTIONS}${issuer} ${clientId}`;

/** `isNew`: the provider gave it just now. */
export type Loaded = { assertion: IdentityAssertion; isNew: boolean };

/**
 * The provider's word on a person it has vouched for before: what is stored, else asked for without a window.
 * `refused` is an ID token that the provider itself takes no longer.
 * @throws AppError of the `connect_…` family, with the provider in place of the app.
 */
export function loadAssertion(
  deps: IdentityProviderDeps,
  provider: Provider,
  { subject, refused }: { subject: string; refused: string | null },
): Promise<Loaded> {
  return deps.locks.request(assertionId(provider), async () => {
    const stored = await readAssertion(deps, provider);
    const fits = stored !== null && stored.subject === subject && stored.idToken !== refused;
    if (fits && deps.now() < stored.expiresAt - EARLY_MS) return { assertion: stored, isNew: false };
    const hint = stored?.subject === subject ? stored.idToken : null;
    const assertion = await deps.askProvider(provider, { interactive: false, hint });
    // What was connected for one person must not go on as another who came to this browser.
    checkPerson(deps, provider, assertion, subject);
    await deps.vault.write(assertionId(provider), assertion);
    return { assertion, isNew: true };
  });
}

/**
 * The provider's word on whoever is signed in there now. A window is shown where nobody is; not where one was needed
 * before. `subject` is whose the account is, null for one that is nobody's yet.
 * @throws AppError of the `connect_…` family, with the provider in place of the app.
 */
export async function askAssertion(
  deps: IdentityProviderDeps,
  provider: Provider,
  subject: string | null,
): Promise<IdentityAssertion> {
  const before = await readAssertion(deps, provider);
  const ask = (interactive: boolean): Promise<IdentityAssertion> =>
    deps.askProvider(provider, { interactive, hint: null });
  const silent = before === null ? null : await ask(false).catch(() => null);
  // Without the lock: calls through other connections must not wait for a person.
  const assertion = silent ?? (await ask(true));
  if (subject !== null) checkPerson(deps, provider, assertion, subject);
  await deps.locks.request(assertionId(provider), () => deps.vault.write(assertionId(provider), assertion));
  return assertion;
}

/** Null also where it cannot be read: it is asked for anew then. */
async function readAssertion({ vault }: IdentityProviderDeps, provider: Provider): Promise<IdentityAssertion | null> {
  const stored = await vault.read(assertionId(provider), assertionSchema).catch(() => null);
  return stored?.value ?? null;
}

function checkPerson(
  { appHost }: IdentityProviderDeps,
  { issuer }: Provider,
  assertion: IdentityAssertion,
  subject: string,
): void {
  if (assertion.subject === subject) return;
  const detail = { app: appHost, provider: new URL(issuer).host };
  throw new AppError("connect_other_person", { detail });
}

/** An OpenID Connect sign-in with the person's web session. @throws AppError of the `connect_…` family. */
export async function signInAtProvider(
  deps: SignInDeps,
  { issuer, clientId, clientSecret }: Provider,
  { interactive, hint }: Parameters<AskProvider>[1],
): Promise<IdentityAssertion> {
  const { host } = new URL(issuer);
  const fetch = deps.fetchAt(issuer);
  const server = await loadProviderMetadata(issuer, fetch);
  await deps.checkReach(originsOf(server));
  const redirectUri = deps.identity.providerRedirectUrl();
  const client: OAuthClient = { clientId, clientSecret, authMethod: null, redirectUri, origin: "own" };
  const context = { server, client };
  const nonce = randomText();
  const request = { ...context, resource: null, scope: "openid", openid: { nonce, hint } };
  const { tokens } = await authorize({ ...deps, fetch, appHost: host }, request, interactive);
  return toAssertion(deps, context, tokens, nonce);
}

async function loadProviderMetadata(issuer: string, fetch: Fetch): Promise<AuthorizationServer> {
  const statuses: number[] = [];
  const server = await loadServerMetadata(
    issuer,
    issuer,
    async (url, init) => {
      const response = await fetch(url, init);
      statuses.push(response.status);
      return response;
    },
    "oidc",
  );
  if (server !== null) return server;
  const app = new URL(issuer).host;
  const trouble = statuses.find((status) => status >= 500 || status === 429);
  // A provider in trouble has refused nobody.
  if (trouble !== undefined) throw new AppError("connect_unreachable", { detail: { app, reason: `HTTP ${trouble}` } });
  throw failed(app, "it publishes no OpenID configuration");
}

const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number(),
  nonce: z.string().optional(),
});

/**
 * The checks of OpenID Connect Core 3.1.3.7. The signature is not among them: the token came from
 * the provider's own token endpoint over TLS, and nothing here believes it but the provider it is sent back to.
 */
function toAssertion(
  { now }: Pick<SignInDeps, "now">,
  context: IdentityAssertion["context"],
  tokens: OAuthTokens,
  nonce: string,
): IdentityAssertion {
  const { server, client } = context;
  const { host } = new URL(server.issuer);
  const idToken = tokens.id_token;
  if (idToken === undefined) throw failed(host, "it answers without an ID token");
  const claims = readClaims(idToken);
  const audience = claims === null ? [] : [claims.aud].flat();
  const isForUs =
    claims !== null &&
    claims.iss === server.issuer &&
    audience.includes(client.clientId) &&
    (audience.length === 1 || claims.azp === client.clientId) &&
    claims.nonce === nonce;
  if (!isForUs) throw failed(host, "its ID token is not for this sign-in");
  const expiresAt = claims.exp * 1_000;
  if (expiresAt <= now()) throw failed(host, "its ID token has expired already, by this computer's clock");
  // No refresh token is kept: it would go on after the person has left, and for whoever comes then.
  return { context, idToken, subject: claims.sub, expiresAt };
}

function readClaims(idToken: string): z.infer<typeof claimsSchema> | null {
  try {
    return claimsSchema.parse(decodeJwt(idToken));
  } catch {
    return null;
  }
}
