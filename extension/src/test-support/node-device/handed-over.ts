import { decodeJwt } from "jose";
import type { AskProvider } from "../../apps/oauth/identity-provider.ts";
import { loadServerMetadata } from "../../apps/oauth/server-metadata.ts";

/** In place of a sign-in at an identity provider: for suites that hand over the ID token of one. */
export function handOver(idToken: string): AskProvider {
  return async ({ issuer, clientId }) => {
    const server = await loadServerMetadata(issuer, issuer, fetch, "oidc");
    if (server === null) throw new Error(`${issuer} publishes no metadata.`);
    const { sub: subject = "", exp = 0 } = decodeJwt(idToken);
    const client = { clientId, clientSecret: null, authMethod: null, redirectUri: "", origin: "own" as const };
    return { context: { server, client }, idToken, subject, expiresAt: exp * 1_000 };
  };
}
