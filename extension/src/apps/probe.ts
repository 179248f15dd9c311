import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { AppRow, CredentialKind } from "../db/rows.ts";
import type { AppSessions } from "./app-sessions.ts";
import { describeFailure } from "./describe-failure.ts";
import { askChallenge, withoutRedirect, type KnockDeps } from "./knock.ts";
import { listTools } from "./list-tools.ts";
import { originsOf } from "./oauth/authorization-server.ts";
import { discoverResource } from "./oauth/discover.ts";
import { createMetadataFetch } from "./oauth/metadata-fetch.ts";
import { loadServerMetadata } from "./oauth/server-metadata.ts";
import type { OriginRules } from "./origin-rules.ts";
import { toFault } from "./to-fault.ts";

export type ProbeDeps = KnockDeps & {
  originRules: OriginRules;
  sessions: Pick<AppSessions, "openOnce">;
  mayReach(url: string): Promise<boolean>;
};

export type Probed = {
  /** The address that answered; may differ from the asked one by a trailing slash. */
  url: string;
  credential: CredentialKind;
  server: AppRow["server"];
  protocol: string | null;
  /** OAuth only; null when the issuer is not known before Connect. */
  issuer: string | null;
  authorizationOrigins: string[];
};

const TIMEOUT_MS = 15_000;

/**
 * Finds out how an app wants to be authorised, without any credential.
 * @throws AppError `connect_unreachable`, `connect_not_mcp`, `connect_permission`, `connect_failed`.
 */
export async function probeApp(deps: ProbeDeps, askedUrl: string): Promise<Probed> {
  const app = { name: new URL(askedUrl).host, url: askedUrl };
  try {
    const url = await withoutRedirect(deps, askedUrl);
    return await probeUrl(deps, url);
  } catch (error) {
    throw await toFault(deps, app, error, "connect");
  }
}

async function probeUrl(deps: ProbeDeps, url: string): Promise<Probed> {
  try {
    const session = await deps.sessions.openOnce(url, { kind: "none" });
    try {
      // Some servers let everybody in and ask for a credential only here.
      await listTools(session, AbortSignal.timeout(TIMEOUT_MS));
      const { server, protocol } = session;
      return { url, credential: "none", server, protocol, issuer: null, authorizationOrigins: [] };
    } finally {
      await session.close();
    }
  } catch (error) {
    if (describeFailure(error).kind !== "sign-in") throw error;
    return probeAuthorization(deps, url);
  }
}

async function probeAuthorization(deps: ProbeDeps, url: string): Promise<Probed> {
  const found = { url, server: null, protocol: null };
  const fetch = createMetadataFetch({ ...deps, appUrl: url, mayReach: null });
  const challenge = await askChallenge(deps, url);
  const resource = await discoverResource(url, challenge, fetch);
  const [issuer = new URL(url).origin] = resource.issuers;
  const server = await loadServerMetadata(url, issuer, fetch).catch((error: unknown) => {
    // Its origin may not be allowed yet; what a hostile document says is refused now, though.
    if (isAppError(error)) throw error;
    return null;
  });
  if (server !== null) {
    const authorizationOrigins = [...new Set([new URL(issuer).origin, ...originsOf(server)])];
    return { ...found, credential: "oauth", issuer: server.issuer, authorizationOrigins };
  }
  // Most apps that describe nothing take a key. Whether one is of 2025-03-26, only registering there would tell, which
  // is for a person to choose (connect-app.ts).
  if (!resource.described) return { ...found, credential: "headers", issuer: null, authorizationOrigins: [] };
  return { ...found, credential: "oauth", issuer: null, authorizationOrigins: [new URL(issuer).origin] };
}
