import { canonicalJson } from "@agent-personas/shared/primitives/canonical-json";
import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import type { Database } from "../db/database.ts";
import type { Vault } from "../vault/vault.ts";
import { createAppFetch, type Credential } from "./app-fetch.ts";
import { credentialOf } from "./credentials.ts";
import { describeFailure } from "./describe-failure.ts";
import { loadConnection, type Connection } from "./load-connection.ts";
import type { Fetch } from "./oauth/metadata-fetch.ts";
import type { OriginRules } from "./origin-rules.ts";
import { openSession, type Session } from "./open-session.ts";
import type { TokenSource } from "./refresh.ts";
import type { DownstreamCall } from "./downstream.ts";
import { createSessionPool, type Lease } from "./session-pool.ts";

export type AppSessionsDeps = {
  database: Database;
  vault: Vault;
  tokens: TokenSource;
  fetch: Fetch;
  originRules: OriginRules;
  version: string;
  now: () => number;
  onToolsChanged(connectionId: string): void;
};

export type AppSessions = {
  acquire(call: Pick<DownstreamCall, "connectionId" | "callerKey" | "forwardedHeaders">): Promise<Lease<Connection>>;
  /** A session outside the pool, for an app that is not stored yet. */
  openOnce(appUrl: string, credential: Credential): Promise<Session>;
  close(connectionId?: string): Promise<void>;
};

const IDLE_MS = 30 * 60_000;
/** What a passthrough caller brings along stays in memory as long as its session does. */
const FORWARDED_IDLE_MS = 5 * 60_000;
const PER_CONNECTION = 8;
const CONNECT_MS = 20_000;

export function createAppSessions(deps: AppSessionsDeps): AppSessions {
  const pooled = { perConnection: PER_CONNECTION, now: deps.now };
  const pool = createSessionPool<Connection>({ ...pooled, idleMs: IDLE_MS });
  // A pool of its own: strangers must not be able to push the person's sessions out.
  const forwardedPool = createSessionPool<Connection>({ ...pooled, idleMs: FORWARDED_IDLE_MS });

  const open = async (appUrl: string, credential: Credential, onToolsChanged?: () => void): Promise<Session> => {
    const fetch = createAppFetch({ fetch: deps.fetch, appUrl, credential });
    const session = { appUrl, fetch, version: deps.version, timeoutMs: CONNECT_MS, onToolsChanged };
    try {
      return await openSession(session);
    } catch (error) {
      // Servers that guard against web pages of other sites mistake an extension for one.
      if (describeFailure(error).kind !== "forbidden" || !(await deps.originRules.strip(appUrl))) throw error;
      return openSession(session);
    }
  };

  const acquireForwarded = async (
    connectionId: string,
    callerKey: string,
    headers: Readonly<Record<string, string>>,
  ) => {
    const digest = await sha256Hex(canonicalJson(headers));
    return forwardedPool.acquire({ connectionId, callerKey: JSON.stringify([callerKey, digest]) }, async () => {
      const connection = await loadConnection(deps.database, connectionId);
      const session = await open(connection.app.url, { kind: "headers", headers: { ...headers } });
      return { session, owner: connection };
    });
  };

  return {
    acquire: ({ connectionId, callerKey, forwardedHeaders }) => {
      if (forwardedHeaders !== null) return acquireForwarded(connectionId, callerKey, forwardedHeaders);
      return pool.acquire({ connectionId, callerKey }, async () => {
        const connection = await loadConnection(deps.database, connectionId);
        const credential = await credentialOf(deps, connection);
        const changed = (): void => deps.onToolsChanged(connectionId);
        return { session: await open(connection.app.url, credential, changed), owner: connection };
      });
    },
    openOnce: (appUrl, credential) => open(appUrl, credential),
    async close(connectionId) {
      await Promise.all([pool.close(connectionId), forwardedPool.close(connectionId)]);
    },
  };
}
