import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import {
  checkResourceAllowed,
  discoverOAuthProtectedResourceMetadata,
  resourceUrlFromServerUrl,
  type OAuthProtectedResourceMetadata,
} from "@modelcontextprotocol/client";
import { checkDiscoveredUrl } from "../app-url.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import type { Fetch } from "./metadata-fetch.ts";
import { loadServerMetadata } from "./server-metadata.ts";

/** From the `WWW-Authenticate` header of the app's 401. */
export type Challenge = { resourceMetadataUrl: string | null; scope: string | null };

export type Discovered = {
  server: AuthorizationServer;
  /** Sent as `resource` (RFC 8707), as the app's metadata spells it. */
  resource: string;
  scope: string | null;
};

const MAX_SERVERS = 3;

export type ProtectedResource = { issuers: string[]; resource: string; scopes: string[]; described: boolean };

/** The first half of discovery, on the app's own origin: who issues tokens for it. */
export async function discoverResource(appUrl: string, challenge: Challenge, fetch: Fetch): Promise<ProtectedResource> {
  const metadata = await loadResourceMetadata(appUrl, challenge, fetch);
  if (metadata === null) {
    // 2025-03-26: the app's origin is its authorization server.
    return { issuers: [new URL(appUrl).origin], resource: canonical(appUrl), scopes: [], described: false };
  }
  const resource = metadata.resource;
  if (!URL.canParse(resource) || !checkResourceAllowed({ requestedResource: appUrl, configuredResource: resource })) {
    throw failed(appUrl, "its metadata describes another resource");
  }
  const named = (metadata.authorization_servers ?? []).slice(0, MAX_SERVERS);
  const issuers = named.length === 0 ? [new URL(appUrl).origin] : named;
  for (const issuer of issuers) checkDiscoveredUrl(appUrl, issuer);
  return { issuers, resource, scopes: metadata.scopes_supported ?? [], described: true };
}

/** What the server has to be: one where a person can consent, or the one that a client belongs to. */
export type WantedServer = { forCodes: boolean; issuer: string | null };

/**
 * All of discovery. A server that is wanted by name is the only one that is asked; where the app no longer names it, that
 * is for the caller to see.
 * @throws AppError `connect_failed`, `connect_unreachable`, `connect_permission`.
 */
export async function discover(
  appUrl: string,
  challenge: Challenge,
  fetch: Fetch,
  by: WantedServer = { forCodes: true, issuer: null },
): Promise<Discovered> {
  const resource = await discoverResource(appUrl, challenge, fetch);
  const server = await discoverServer(appUrl, resource, fetch, by);
  const wanted = challenge.scope?.split(" ").filter((scope) => scope !== "") ?? resource.scopes;
  // Without it many servers issue no refresh token; the spec lets clients add it where it is listed.
  const offline = server.scopes.includes("offline_access") && !wanted.includes("offline_access");
  const scopes = offline && wanted.length > 0 ? [...wanted, "offline_access"] : wanted;
  return { server, resource: resource.resource, scope: scopes.length === 0 ? null : scopes.join(" ") };
}

async function discoverServer(
  appUrl: string,
  resource: ProtectedResource,
  fetch: Fetch,
  by: WantedServer,
): Promise<AuthorizationServer> {
  let problem: unknown = null;
  const own = by.issuer === null ? null : withoutSlash(by.issuer);
  const named = resource.issuers.filter((issuer) => withoutSlash(issuer) === own);
  for (const issuer of named.length > 0 ? named : resource.issuers) {
    try {
      const server = await loadServerMetadata(appUrl, issuer, fetch);
      if (server?.codesRefused !== undefined && by.forCodes) throw failed(appUrl, server.codesRefused);
      if (server !== null) return server;
    } catch (error) {
      problem ??= error;
    }
  }
  if (isAppError(problem)) throw problem;
  if (problem !== null) throw failed(appUrl, "its authorization server's metadata cannot be read", problem);
  if (!resource.described) return conventionalServer(appUrl);
  throw failed(appUrl, "its authorization server has no metadata");
}

/** Endpoints of 2025-03-26 servers that publish nothing. */
function conventionalServer(appUrl: string): AuthorizationServer {
  const { origin } = new URL(appUrl);
  return {
    issuer: origin,
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    registrationEndpoint: `${origin}/register`,
    revocationEndpoint: null,
    authMethods: ["none"],
    scopes: [],
    sendsIssuer: false,
  };
}

async function loadResourceMetadata(
  appUrl: string,
  challenge: Challenge,
  fetch: Fetch,
): Promise<OAuthProtectedResourceMetadata | null> {
  const { resourceMetadataUrl } = challenge;
  if (resourceMetadataUrl !== null) checkDiscoveredUrl(appUrl, resourceMetadataUrl);
  try {
    return await discoverOAuthProtectedResourceMetadata(
      appUrl,
      resourceMetadataUrl === null ? {} : { resourceMetadataUrl },
      fetch,
    );
  } catch (error) {
    if (isAppError(error)) throw error;
    if (resourceMetadataUrl !== null) throw failed(appUrl, "its resource metadata cannot be read", error);
    return null;
  }
}

const withoutSlash = (url: string): string => (url.endsWith("/") ? url.slice(0, -1) : url);

/** RFC 8707 wants no fragment; the MCP specification prefers no trailing slash on a bare origin. */
function canonical(appUrl: string): string {
  const url = resourceUrlFromServerUrl(appUrl);
  return url.pathname === "/" && url.search === "" ? url.origin : url.href;
}

function failed(appUrl: string, reason: string, cause?: unknown): AppError {
  return new AppError("connect_failed", { detail: { app: new URL(appUrl).host, reason }, cause });
}
