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
import { createSessionPool, type Lease, type PoolKey } from "./session-pool.ts";

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
  acquire(key: PoolKey): Promise<Lease<Connection>>;
  /** A session outside the pool, for an app that is not stored yet. */
  openOnce(appUrl: string, credential: Credential): Promise<Session>;
  close(connectionId?: string): Promise<void>;
};

const IDLE_MS = 30 * 60_000;
const PER_CONNECTION = 8;
const CONNECT_MS = 20_000;

export function createAppSessions(deps: AppSessionsDeps): AppSessions {
  const pool = createSessionPool<Connection>({ idleMs: IDLE_MS, perConnection: PER_CONNECTION, now: deps.now });

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

  return {
    acquire: (key) =>
      pool.acquire(key, async () => {
        const connection = await loadConnection(deps.database, key.connectionId);
        const credential = await credentialOf(deps, connection);
        const changed = (): void => deps.onToolsChanged(key.connectionId);
        return { session: await open(connection.app.url, credential, changed), owner: connection };
      }),
    openOnce: (appUrl, credential) => open(appUrl, credential),
    close: (connectionId) => pool.close(connectionId),
  };
}
