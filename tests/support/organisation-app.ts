import { randomBytes } from "node:crypto";
import { organisationClient, type ClientCredential } from "./authorization-server.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { startOAuthApp, type OAuthApp } from "./oauth-app.ts";

/** An app that an organisation's people reach through its identity provider, as the client that the app knows. */
export type OrganisationApp = OAuthApp & {
  client: { clientId: string; clientSecret: string };
  /** The organisation does not use it any more, and does again. */
  unassign: () => void;
  assign: () => void;
};

type Options = { accessTokenTtl?: number; people?: readonly string[] };

export async function startOrganisationApp(
  provider: IdentityProvider,
  { accessTokenTtl, people }: Options = {},
): Promise<OrganisationApp> {
  const client = { clientId: "personas-at-app", clientSecret: randomBytes(24).toString("base64url") };
  const credential: ClientCredential = { secret: client.clientSecret, method: "client_secret_basic" };
  const app = await startOAuthApp({
    registration: false,
    machinesOnly: true,
    trusts: provider,
    clients: [organisationClient(client.clientId, credential)],
    authMethods: ["client_secret_basic"],
    ...(accessTokenTtl !== undefined && { accessTokenTtl }),
  });
  const assignment = {
    audience: app.authorization.issuer,
    resource: app.url,
    clientId: () => client.clientId,
    ...(people !== undefined && { people }),
  };
  let takeAway = provider.assign(assignment);
  return {
    ...app,
    client,
    unassign: () => takeAway(),
    assign: () => void (takeAway = provider.assign(assignment)),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** The way in which people of the organisation sign in at its app; null for a client that registers itself. */
export const throughProvider = (
  { issuer, client: atProvider }: IdentityProvider,
  client: OrganisationApp["client"] | null,
): Record<string, unknown> => ({
  kind: "enterprise_managed",
  provider: { issuer, ...atProvider },
  client,
});
