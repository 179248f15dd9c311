import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { buildDiscoveryUrls } from "@modelcontextprotocol/client";
import { z } from "zod";
import { checkDiscoveredUrl } from "../app-url.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import type { Fetch } from "./metadata-fetch.ts";

const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string().optional(),
  token_endpoint: z.string(),
  registration_endpoint: z.string().optional(),
  revocation_endpoint: z.string().optional(),
  response_types_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()).optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  scopes_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
});

/**
 * RFC 8414 metadata, else OpenID Connect discovery, at every address the MCP specification names; the other way round
 * with `first`. The SDK's own function drops the revocation endpoint and the promise of `iss` from OpenID documents.
 * Null when there is none. @throws AppError `connect_failed`, and whatever the fetch throws.
 */
export async function loadServerMetadata(
  appUrl: string,
  issuer: string,
  fetch: Fetch,
  first: "oauth" | "oidc" = "oauth",
): Promise<AuthorizationServer | null> {
  const urls = buildDiscoveryUrls(issuer).toSorted((a, b) => Number(b.type === first) - Number(a.type === first));
  for (const { url } of urls) {
    const response = await fetch(url, { headers: { accept: "application/json" } });
    if (!response.ok) continue;
    const body: unknown = await response.json().catch(() => null);
    const parsed = metadataSchema.safeParse(body);
    if (!parsed.success) continue;
    return checkMetadata(appUrl, issuer, parsed.data);
  }
  return null;
}

type Metadata = z.infer<typeof metadataSchema>;

function checkMetadata(appUrl: string, issuer: string, metadata: Metadata): AuthorizationServer {
  const failed = (reason: string): AppError =>
    new AppError("connect_failed", { detail: { app: new URL(appUrl).host, reason } });
  // RFC 8414 3.3: else one server could speak for another.
  if (withoutSlash(metadata.issuer) !== withoutSlash(issuer)) {
    throw failed("its authorization server names another issuer");
  }
  const check = (url: string): string => checkDiscoveredUrl(appUrl, url).href;
  const optional = (url: string | undefined): string | null => (url === undefined ? null : check(url));
  const codesRefused = whyNoCodes(metadata);
  const signingAlgorithms = metadata.token_endpoint_auth_signing_alg_values_supported;
  try {
    return {
      issuer: metadata.issuer,
      authorizationEndpoint: optional(metadata.authorization_endpoint),
      ...(codesRefused !== null && { codesRefused }),
      tokenEndpoint: check(metadata.token_endpoint),
      registrationEndpoint: optional(metadata.registration_endpoint),
      revocationEndpoint: optional(metadata.revocation_endpoint),
      authMethods: metadata.token_endpoint_auth_methods_supported ?? null,
      ...(signingAlgorithms !== undefined && { signingAlgorithms }),
      scopes: metadata.scopes_supported ?? [],
      sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
      takesDocuments: metadata.client_id_metadata_document_supported === true,
    };
  } catch (error) {
    throw isAppError(error) ? error : failed("its authorization server's metadata cannot be read");
  }
}

/** It may issue tokens to applications all the same. */
function whyNoCodes(metadata: Metadata): string | null {
  const { authorization_endpoint: endpoint, response_types_supported: types } = metadata;
  if (endpoint === undefined || types?.includes("code") === false) return "it does not issue codes";
  if (metadata.code_challenge_methods_supported?.includes("S256") === false) {
    return "it does not support PKCE with S256";
  }
  return null;
}

const withoutSlash = (url: string): string => (url.endsWith("/") ? url.slice(0, -1) : url);
