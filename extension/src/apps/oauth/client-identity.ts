import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { registerClient, RegistrationRejectedError, type OAuthClientMetadata } from "@modelcontextprotocol/client";
import type { Vault } from "../../vault/vault.ts";
import { toSdkMetadata, type AuthorizationServer } from "./authorization-server.ts";
import type { Fetch } from "./metadata-fetch.ts";
import type { SignInChoice } from "./sign-in-choice.ts";
import { JWT_BEARER, oauthClientSchema, type Grant, type OAuthClient } from "./token-record.ts";

/**
 * A client of its own for each app at an issuer. What a person has allowed one app would otherwise be allowed, without
 * asking, to any app that names the same authorization server and so is sent its tokens.
 */
const registeredClientId = ({ issuer, resource, grant }: RegisteredAt): string =>
  `client/${issuer} ${resource}${grant === undefined ? "" : ` ${grant.kind}`}`;

/** For servers that refuse an https redirect alone; nothing listens there. */
const LOOPBACK_REDIRECT = "http://127.0.0.1/oauth";

/** For what it was registered: some servers bind a client to its grants. */
type RegisteredAt = { issuer: string; resource: string; grant: Grant | undefined };

export type ClientIdentityDeps = {
  vault: Vault;
  fetch: Fetch;
  appHost: string;
  connectionId: string;
  /** What the person chose for the connection. */
  choice: SignInChoice | null;
  server: AuthorizationServer;
  /** Which app the tokens are for. */
  resource: string;
  redirectUri: string;
  /** Where this extension's client metadata document is; null where it has none. */
  clientDocument: string | null;
};

/**
 * Who this extension is at an issuer: the person's own client id, else the one registered there for this app earlier,
 * else its metadata document, else a new registration.
 * @throws AppError `connect_client_rejected`, `connect_redirect_refused`, `connect_failed`.
 */
export async function loadClient(deps: ClientIdentityDeps): Promise<OAuthClient> {
  return ownClient(deps) ?? (await loadRegisteredClient(deps)) ?? documentClient(deps) ?? (await register(deps));
}

/** Makes the next Connect register again; for clients that a server has forgotten. */
export async function forgetRegisteredClient(vault: Vault, at: RegisteredAt): Promise<void> {
  await vault.remove(registeredClientId(at));
}

function ownClient({ choice, redirectUri }: ClientIdentityDeps): OAuthClient | null {
  if (choice === null || choice.clientId === null) return null;
  const { clientId, clientSecret, key } = choice;
  return { clientId, clientSecret, ...(key && { key }), authMethod: null, redirectUri, origin: "own" };
}

async function loadRegisteredClient(deps: ClientIdentityDeps): Promise<OAuthClient | null> {
  const stored = await deps.vault.read(registeredClientId(registeredAt(deps)), oauthClientSchema);
  return stored?.value.redirectUri === deps.redirectUri ? stored.value : null;
}

const registeredAt = ({ server, resource, choice }: ClientIdentityDeps): RegisteredAt => ({
  issuer: server.issuer,
  resource,
  grant: choice?.grant,
});

function documentClient({ server, clientDocument, redirectUri }: ClientIdentityDeps): OAuthClient | null {
  if (clientDocument === null || server.takesDocuments !== true) return null;
  return { clientId: clientDocument, clientSecret: null, authMethod: "none", redirectUri, origin: "document" };
}

async function register(deps: ClientIdentityDeps): Promise<OAuthClient> {
  const { server, redirectUri, appHost } = deps;
  if (server.registrationEndpoint === null) {
    throw new AppError("connect_client_rejected", { detail: { app: appHost, uri: redirectUri } });
  }
  const attempts: OAuthClientMetadata[] = [
    metadataOf(deps, [redirectUri, LOOPBACK_REDIRECT], "native"),
    metadataOf(deps, [redirectUri], "web"),
  ];
  let refusal: RegistrationRejectedError | null = null;
  for (const clientMetadata of attempts) {
    try {
      const made = await registerClient(server.issuer, {
        metadata: toSdkMetadata(server),
        clientMetadata,
        fetchFn: deps.fetch,
      });
      const client: OAuthClient = {
        clientId: made.client_id,
        clientSecret: made.client_secret ?? null,
        authMethod: made.token_endpoint_auth_method ?? null,
        redirectUri,
        origin: "registered",
      };
      await deps.vault.write(registeredClientId(registeredAt(deps)), client);
      return client;
    } catch (error) {
      if (!(error instanceof RegistrationRejectedError)) {
        if (isAppError(error)) throw error;
        throw new AppError("connect_client_rejected", { detail: { app: appHost, uri: redirectUri }, cause: error });
      }
      refusal = error;
    }
  }
  const redirect = refusal !== null && /redirect/iu.test(refusal.body);
  const code = redirect ? "connect_redirect_refused" : "connect_client_rejected";
  throw new AppError(code, { detail: { app: appHost, uri: redirectUri }, cause: refusal });
}

function metadataOf(
  { choice }: ClientIdentityDeps,
  redirectUris: string[],
  applicationType: "native" | "web",
): OAuthClientMetadata {
  const managed = choice?.grant?.kind === "enterprise_managed";
  return {
    client_name: "Agent Personas",
    redirect_uris: redirectUris,
    grant_types: ["authorization_code", "refresh_token", ...(managed ? [JWT_BEARER] : [])],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: applicationType,
  };
}
