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
import { openSession, type Session, type SessionDeps } from "./open-session.ts";
import type { OnNotice } from "./tapping-transport.ts";
import type { TokenSource } from "./refresh.ts";
import type { DownstreamCall } from "./downstream.ts";
import { createSessionPool, type Lease } from "./session-pool.ts";
import { createStandingStreams, type StandingStream } from "./standing-stream.ts";

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

export type SessionCall = Pick<DownstreamCall, "connectionId" | "callerKey" | "forwardedHeaders" | "capabilities">;

export type AppSessions = {
  acquire(call: SessionCall): Promise<Lease<Connection>>;
  /** The extension's own session that hears what the app says outside of requests; the caller closes it. */
  openListening(connectionId: string, onNotice: OnNotice): Promise<Session>;
  /** A session outside the pool, for an app that is not stored yet. */
  openOnce(appUrl: string, credential: Credential): Promise<Session>;
  close(connectionId?: string): Promise<void>;
};

const IDLE_MS = 30 * 60_000;
/** What a passthrough caller brings along stays in memory as long as its session does. */
const FORWARDED_IDLE_MS = 5 * 60_000;
const PER_CONNECTION = 8;
const CONNECT_MS = 20_000;
/** Beside the one that listens; a browser keeps six connections to a host. */
const STANDING_PER_CONNECTION = 2;

export function createAppSessions(deps: AppSessionsDeps): AppSessions {
  const pooled = { perConnection: PER_CONNECTION, now: deps.now };
  const pool = createSessionPool<Connection>({ ...pooled, idleMs: IDLE_MS });
  // A pool of its own: strangers must not be able to push the person's sessions out.
  const forwardedPool = createSessionPool<Connection>({ ...pooled, idleMs: FORWARDED_IDLE_MS });

  const open = async (
    appUrl: string,
    credential: Credential,
    options: Pick<SessionDeps, "capabilities" | "onNotice" | "standing" | "listens"> = {},
  ): Promise<Session> => {
    const { listens = false, standing } = options;
    const fetch = createAppFetch({ fetch: deps.fetch, appUrl, credential, listens, standing });
    const session = { appUrl, fetch, version: deps.version, timeoutMs: CONNECT_MS, ...options };
    try {
      return await openSession(session);
    } catch (error) {
      // Servers that guard against web pages of other sites mistake an extension for one.
      if (describeFailure(error).kind !== "forbidden" || !(await deps.originRules.strip(appUrl))) throw error;
      return openSession(session);
    }
  };

  const standings = new Map<string, () => StandingStream>();
  /** For callers that can be asked; nobody else waits for what an app says outside of its answers. */
  const standingFor = ({ connectionId, capabilities }: SessionCall): StandingStream | undefined => {
    if (Object.keys(capabilities).length === 0) return undefined;
    const create = standings.get(connectionId) ?? createStandingStreams(STANDING_PER_CONNECTION);
    standings.set(connectionId, create);
    return create();
  };

  const noteTools =
    (connectionId: string): OnNotice =>
    (method) => {
      if (method.endsWith("/list_changed")) deps.onToolsChanged(connectionId);
    };

  const acquireForwarded = async (call: SessionCall, headers: Readonly<Record<string, string>>) => {
    const { connectionId, capabilities } = call;
    const digest = await sha256Hex(canonicalJson(headers));
    return forwardedPool.acquire({ connectionId, callerKey: JSON.stringify([keyOf(call), digest]) }, async () => {
      const connection = await loadConnection(deps.database, connectionId);
      const session = await open(
        connection.app.url,
        { kind: "headers", headers: { ...headers } },
        { capabilities, standing: standingFor(call) },
      );
      return { session, owner: connection };
    });
  };

  return {
    acquire: (call) => {
      const { connectionId, forwardedHeaders, capabilities } = call;
      if (forwardedHeaders !== null) return acquireForwarded(call, forwardedHeaders);
      return pool.acquire({ connectionId, callerKey: keyOf(call) }, async () => {
        const connection = await loadConnection(deps.database, connectionId);
        const credential = await credentialOf(deps, connection);
        const onNotice = noteTools(connectionId);
        const options = { capabilities, onNotice, standing: standingFor(call) };
        return { session: await open(connection.app.url, credential, options), owner: connection };
      });
    },
    openListening: async (connectionId, onNotice) => {
      const connection = await loadConnection(deps.database, connectionId);
      const noted = noteTools(connectionId);
      return open(connection.app.url, await credentialOf(deps, connection), {
        listens: true,
        onNotice: (method, params) => {
          noted(method, params);
          onNotice(method, params);
        },
      });
    },
    openOnce: (appUrl, credential) => open(appUrl, credential),
    async close(connectionId) {
      if (connectionId === undefined) standings.clear();
      else standings.delete(connectionId);
      await Promise.all([pool.close(connectionId), forwardedPool.close(connectionId)]);
    },
  };
}

/** An app is told what this caller can be asked when its session opens, so another wish is another session. */
const keyOf = ({ callerKey, capabilities }: SessionCall): string => JSON.stringify([callerKey, capabilities]);
