import { assertionId, toAssertion } from "../../apps/oauth/identity-provider.ts";
import { loadServerMetadata } from "../../apps/oauth/server-metadata.ts";
import { createVault } from "../../vault/vault.ts";
import type { Profile } from "./platform.ts";

/** Leaves in a profile what a sign-in at an identity provider leaves there: for suites that hand over an ID token. */
export async function signInBefore(
  { database, session }: Profile,
  provider: { issuer: string; clientId: string },
  idToken: string,
): Promise<void> {
  const server = await loadServerMetadata(provider.issuer, provider.issuer, fetch);
  if (server === null) throw new Error(`${provider.issuer} publishes no metadata.`);
  const { clientId } = provider;
  const client = { clientId, clientSecret: null, authMethod: null, redirectUri: "", origin: "own" as const };
  const tokens = { access_token: "", token_type: "Bearer", id_token: idToken };
  const assertion = toAssertion({ now: () => Date.now() }, { server, client }, tokens, null);
  await createVault({ database, sessionStorage: session }).write(assertionId(provider), assertion);
}
