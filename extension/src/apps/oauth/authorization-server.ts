import type { AuthorizationServerMetadata } from "@modelcontextprotocol/client";
import { z } from "zod";

/** What is kept of an authorization server's metadata: checked addresses, nothing else. */
export const authorizationServerSchema = z.strictObject({
  issuer: z.string(),
  /** Null where no person can consent. */
  authorizationEndpoint: z.string().nullable(),
  /** Why no person can consent here in a way that this extension takes. */
  codesRefused: z.string().optional(),
  tokenEndpoint: z.string(),
  registrationEndpoint: z.string().nullable(),
  revocationEndpoint: z.string().nullable(),
  /** Null: not said, which by RFC 8414 means basic. */
  authMethods: z.array(z.string()).nullable(),
  /** For clients that prove themselves by a key; absent where not said. */
  signingAlgorithms: z.array(z.string()).optional(),
  scopes: z.array(z.string()),
  /** The server promises an `iss` in every authorization response (RFC 9207). */
  sendsIssuer: z.boolean(),
  /** A client may be the address of a document that describes it. */
  takesDocuments: z.boolean().optional(),
});
export type AuthorizationServer = z.infer<typeof authorizationServerSchema>;

/** The form in which the SDK's functions want it. */
export function toSdkMetadata(server: AuthorizationServer): AuthorizationServerMetadata {
  return {
    issuer: server.issuer,
    // Asked for by the type only: without one, no authorisation is begun (`codesRefused`).
    authorization_endpoint: server.authorizationEndpoint ?? "",
    token_endpoint: server.tokenEndpoint,
    response_types_supported: ["code"],
    authorization_response_iss_parameter_supported: server.sendsIssuer,
    ...(server.registrationEndpoint === null ? {} : { registration_endpoint: server.registrationEndpoint }),
    ...(server.authMethods === null ? {} : { token_endpoint_auth_methods_supported: server.authMethods }),
  };
}

/** Origins that the browser has to reach for this server: everything but the pages shown in the window. */
export function originsOf(server: AuthorizationServer): string[] {
  const urls = [server.tokenEndpoint, server.registrationEndpoint, server.revocationEndpoint];
  return [...new Set(urls.flatMap((url) => (url === null ? [] : [new URL(url).origin])))];
}
