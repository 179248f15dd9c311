import type { AddClientAuthentication } from "@modelcontextprotocol/client";
import type { AuthorizationServer } from "./authorization-server.ts";
import type { OAuthClient } from "./token-record.ts";

/**
 * How a client proves itself at the token endpoint. The body is preferred over Basic: servers disagree
 * on whether the two halves of Basic are form-encoded (RFC 6749 2.3.1 says so, and so do we).
 */
export function authenticateClient(server: AuthorizationServer, client: OAuthClient): AddClientAuthentication {
  return (headers, parameters) => {
    const { clientId, clientSecret } = client;
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
