import type { AddClientAuthentication } from "@modelcontextprotocol/client";
import type { AuthorizationServer } from "./authorization-server.ts";
import { signClientAssertion } from "./client-key.ts";
import type { OAuthClient } from "./token-record.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * How a client proves itself at the token endpoint. The body is preferred over Basic: servers disagree
 * on whether the two halves of Basic are form-encoded (RFC 6749 2.3.1 says so, and so do we).
 */
export function authenticateClient(server: AuthorizationServer, client: OAuthClient): AddClientAuthentication {
  return async (headers, parameters) => {
    const { clientId, clientSecret, key } = client;
    if (key !== undefined) {
      // The assertion names the client; MCP's extension wants no client_id beside it.
      const at = { issuer: server.issuer, accepted: server.signingAlgorithms };
      parameters.set("client_assertion_type", ASSERTION_TYPE);
      parameters.set("client_assertion", await signClientAssertion({ clientId, key }, at, Date.now()));
      return;
    }
    if (clientSecret === null || client.authMethod === "none") {
      parameters.set("client_id", clientId);
      return;
    }
    if (methodOf(server, client) === "client_secret_post") {
      parameters.set("client_id", clientId);
      parameters.set("client_secret", clientSecret);
      return;
    }
    headers.set("Authorization", `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}`);
  };
}

function methodOf(server: AuthorizationServer, client: OAuthClient): string {
  if (client.authMethod !== null) return client.authMethod;
  return server.authMethods?.includes("client_secret_post") === true ? "client_secret_post" : "client_secret_basic";
}

const encode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);
