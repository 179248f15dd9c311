import { applicationClient, type ClientCredential } from "./authorization-server.ts";
import { startOAuthApp, type OAuthApp } from "./oauth-app.ts";

const CLIENT_ID = "robot";

/** An app of the one client that it knows. It issues no codes and registers nobody. */
export const startMachineApp = (credential: ClientCredential, accessTokenTtl = 3_600): Promise<OAuthApp> =>
  startOAuthApp({
    clients: [applicationClient(CLIENT_ID, credential)],
    authMethods: ["secret" in credential ? credential.method : "private_key_jwt"],
    registration: false,
    machinesOnly: true,
    accessTokenTtl,
  });

/** The way in which its client signs in, with what the client has. */
export const asApplication = (
  credential: { clientSecret: string } | { privateKey: string },
): Record<string, unknown> => ({
  kind: "client_credentials",
  client: { clientId: CLIENT_ID, ...credential },
});
