import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  extractWWWAuthenticateParams,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/client";
import type { Challenge } from "./oauth/discover.ts";
import type { Fetch } from "./oauth/metadata-fetch.ts";

export type KnockDeps = {
  fetch: Fetch;
  /** The extension's version, told to apps. */
  version: string;
};

const TIMEOUT_MS = 15_000;
/** What an app answers that refuses a revision before it looks at the credential. */
const EARLIER = { headers: {}, message: { jsonrpc: "2.0", id: 1, method: "ping" } };

/** What the app's 401 says about authorisation; empty when it answers anything else. */
export async function askChallenge({ fetch, version }: KnockDeps, url: string): Promise<Challenge> {
  for (const request of [discover(version), EARLIER]) {
    const response = await send(fetch, url, request, "error");
    await response.body?.cancel();
    if (response.status !== 401) continue;
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
    return { resourceMetadataUrl: resourceMetadataUrl?.href ?? null, scope: scope ?? null };
  }
  return { resourceMetadataUrl: null, scope: null };
}

/**
 * Later requests carry credentials and follow no redirect. The one redirect that is common, to the same
 * address with or without its last slash, is tried instead.
 */
export async function withoutRedirect({ fetch, version }: KnockDeps, url: string): Promise<string> {
  const isRedirected = async (tried: string): Promise<boolean> => {
    const response = await send(fetch, tried, discover(version), "manual");
    await response.body?.cancel();
    return response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
  };
  if (!(await isRedirected(url))) return url;
  const other = new URL(url);
  other.pathname = other.pathname.endsWith("/") ? other.pathname.slice(0, -1) : `${other.pathname}/`;
  return (await isRedirected(other.href)) ? url : other.href;
}

type Knock = { headers: Record<string, string>; message: object };

/** Complete by the rules of its revision, harmless to earlier ones, and answered only after the credential was checked. */
function discover(version: string): Knock {
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: MODERN_PROTOCOL,
    [CLIENT_INFO_META_KEY]: { name: "agent-personas", title: "Agent Personas", version },
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  return {
    headers: { "mcp-protocol-version": MODERN_PROTOCOL, "mcp-method": "server/discover" },
    message: { jsonrpc: "2.0", id: 1, method: "server/discover", params: { _meta } },
  };
}

function send(fetch: Fetch, url: string, { headers, message }: Knock, redirect: RequestRedirect): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify(message),
    credentials: "omit",
    redirect,
    referrerPolicy: "no-referrer",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
