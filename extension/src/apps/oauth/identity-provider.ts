import { refreshAuthorization, type OAuthTokens } from "@modelcontextprotocol/client";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { Vault } from "../../vault/vault.ts";
import type { Locks } from "../locks.ts";
import { authorizationServerSchema, originsOf, toSdkMetadata } from "./authorization-server.ts";
import { authorize, randomText, type Identity } from "./authorize.ts";
import { authenticateClient } from "./client-authentication.ts";
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
  refreshToken: z.string().nullable(),
});
/** An identity provider's word on who the person is, sealed in the vault; one for all apps that ask through it. */
export type IdentityAssertion = z.infer<typeof assertionSchema>;

export type IdentityProviderDeps = {
  vault: Vault;
  locks: Locks;
  identity: Identity;
  /** The guarded fetch for a server whose own address is `issuer`. */
  fetchAt(issuer: string): Fetch;
  /** @throws AppError `connect_permission`. */
  checkReach(origins: string[]): Promise<void>;
  now: () => number;
};

export type Wanted = {
  /** Whose word; null for whoever is signed in there. */
  subject: string | null;
  /** An ID token that the provider itself takes no longer. */
  refused: string | null;
};

/** An ID token is sent at once, so it need not last. Milliseconds. */
const EARLY_MS = 30_000;

/** Its place in the vault. */
export const assertionId = ({ issuer, clientId }: Pick<Provider, "issuer" | "clientId">): string =>
  `identity/${issuer} ${clientId}`;

/** `isNew`: the provider gave it just now. */
export type Loaded = { assertion: IdentityAssertion; isNew: boolean };

/**
 * The provider's word on a person it has vouched for before: what is stored, else renewed without a window.
 * @throws AppError of the `connect_…` family, with the provider in place of the app.
 */
export function loadAssertion(deps: IdentityProviderDeps, provider: Provider, wanted: Wanted): Promise<Loaded> {
  return locked(deps, provider, async () => {
    const stored = await readAssertion(deps, provider);
    const fits = stored !== null && (wanted.subject === null || stored.subject === wanted.subject) ? stored : null;
    if (fits !== null && fits.idToken !== wanted.refused && deps.now() < fits.expiresAt - EARLY_MS) {
      return { assertion: fits, isNew: false };
    }
    const assertion = (fits && (await refresh(deps, provider, fits))) ?? (await signIn(deps, provider, false));
    if (wanted.subject !== null && assertion.subject !== wanted.subject) {
      // What was connected for one person must not go on as another who came to this browser.
      throw failed(new URL(provider.issuer).host, "somebody else is signed in there");
    }
    await deps.vault.write(assertionId(provider), assertion);
    return { assertion, isNew: true };
  });
}

/**
 * The provider's word on whoever is signed in there now, which may be another person than before. A window is shown
 * where nobody is; not where one was needed for another app already.
 * @throws AppError of the `connect_…` family, with the provider in place of the app.
 */
export async function askAssertion(deps: IdentityProviderDeps, provider: Provider): Promise<Loaded> {
  const before = await readAssertion(deps, provider);
  const silent = before === null ? null : await signIn(deps, provider, false).catch(() => null);
  // Without the lock: calls through other connections must not wait for a person.
  const assertion = silent ?? (await signIn(deps, provider, true));
  await locked(deps, provider, () => deps.vault.write(assertionId(provider), assertion));
  return { assertion, isNew: true };
}

const readAssertion = async ({ vault }: IdentityProviderDeps, provider: Provider): Promise<IdentityAssertion | null> =>
  (await vault.read(assertionId(provider), assertionSchema))?.value ?? null;

/** Forgets the provider's word; answers what there was, to be revoked. */
export async function takeAssertion(
  { vault }: Pick<IdentityProviderDeps, "vault">,
  provider: Pick<Provider, "issuer" | "clientId">,
): Promise<IdentityAssertion | null> {
  const stored = await vault.read(assertionId(provider), assertionSchema).catch(() => null);
  await vault.remove(assertionId(provider));
  return stored?.value ?? null;
}

const locked = <T>({ locks }: IdentityProviderDeps, provider: Provider, task: () => Promise<T>): Promise<T> =>
  locks.request(`identity:${assertionId(provider)}`, task);

async function signIn(
  deps: IdentityProviderDeps,
  provider: Provider,
  interactive: boolean,
): Promise<IdentityAssertion> {
  const { issuer, clientId, clientSecret } = provider;
  const { host } = new URL(issuer);
  const fetch = deps.fetchAt(issuer);
  const server = await loadServerMetadata(issuer, issuer, fetch);
  if (server === null) throw failed(host, "it publishes no OpenID configuration");
  await deps.checkReach(originsOf(server));
  const redirectUri = deps.identity.redirectUrl();
  const client: OAuthClient = { clientId, clientSecret, authMethod: null, redirectUri, origin: "own" };
  const context = { server, client };
  const nonce = randomText();
  const request = { ...context, resource: null, scope: "openid", nonce };
  const { tokens } = await authorize({ ...deps, fetch, appHost: host }, request, interactive);
  return toAssertion(deps, context, tokens, { nonce, subject: null });
}

/** Null where it no longer works, or brings no ID token. */
async function refresh(
  deps: IdentityProviderDeps,
  provider: Provider,
  { context, refreshToken, subject }: IdentityAssertion,
): Promise<IdentityAssertion | null> {
  if (refreshToken === null) return null;
  const { server, client } = context;
  try {
    const tokens = await refreshAuthorization(server.issuer, {
      metadata: toSdkMetadata(server),
      clientInformation: { client_id: client.clientId },
      refreshToken,
      addClientAuthentication: authenticateClient(server, client),
      fetchFn: deps.fetchAt(provider.issuer),
    });
    return toAssertion(deps, context, tokens, { nonce: null, subject });
  } catch {
    return null;
  }
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
 * The checks of OpenID Connect Core 3.1.3.7 (12.2 after a refresh). The signature is not among them: the token came from
 * the provider's own token endpoint over TLS, and nothing here believes it but the provider it is sent back to.
 */
export function toAssertion(
  { now }: Pick<IdentityProviderDeps, "now">,
  context: IdentityAssertion["context"],
  tokens: OAuthTokens,
  expected: { nonce: string | null; subject: string | null },
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
    (expected.nonce === null || claims.nonce === expected.nonce) &&
    (expected.subject === null || claims.sub === expected.subject);
  if (!isForUs) throw failed(host, "its ID token is not for this sign-in");
  const expiresAt = claims.exp * 1_000;
  if (expiresAt <= now()) throw failed(host, "its ID token has expired already, by this computer's clock");
  return { context, idToken, subject: claims.sub, expiresAt, refreshToken: tokens.refresh_token ?? null };
}

function readClaims(idToken: string): z.infer<typeof claimsSchema> | null {
  try {
    return claimsSchema.parse(decodeJwt(idToken));
  } catch {
    return null;
  }
}
