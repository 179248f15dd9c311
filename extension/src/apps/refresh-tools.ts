import { classifyRisk } from "@agent-personas/shared/persona/risk-class";
import { pinTool, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Database } from "../db/database.ts";
import type { LeftOut, ToolRow } from "../db/rows.ts";
import type { AppSessions } from "./app-sessions.ts";
import { statusOf, type StatusReporter } from "./connection-status.ts";
import { describeFailure } from "./describe-failure.ts";
import { listItems, type ItemList } from "./list-items.ts";
import { listTools, type ToolList } from "./list-tools.ts";
import { loadConnection } from "./load-connection.ts";
import type { Session } from "./open-session.ts";
import { toFault } from "./to-fault.ts";

export type RefreshToolsDeps = {
  database: Database;
  sessions: AppSessions;
  status: StatusReporter;
  mayReach(url: string): Promise<boolean>;
  now: () => number;
};

export type RefreshedTools = { tools: number };

export type ToolRefresher = {
  /** Lists the app's tools over a connection and stores them. One at a time per connection. */
  refresh(connectionId: string): Promise<RefreshedTools>;
  /** How many listings of a connection have begun; the last of them may have ended. */
  begun(connectionId: string): number;
};

const TIMEOUT_MS = 30_000;
/** The extension's own session at an app; no caller's key looks like this. */
const OWN_CALLER = "extension";

export function createToolRefresher(deps: RefreshToolsDeps): ToolRefresher {
  const running = new Map<string, Promise<RefreshedTools>>();
  const begun = new Map<string, number>();
  const begunOf = (connectionId: string): number => begun.get(connectionId) ?? 0;
  return {
    refresh(connectionId) {
      const present = running.get(connectionId);
      if (present !== undefined) return present;
      begun.set(connectionId, begunOf(connectionId) + 1);
      const started = refreshOnce(deps, connectionId).finally(() => running.delete(connectionId));
      running.set(connectionId, started);
      return started;
    },
    begun: begunOf,
  };
}

async function refreshOnce(deps: RefreshToolsDeps, connectionId: string): Promise<RefreshedTools> {
  const { app } = await loadConnection(deps.database, connectionId);
  try {
    return await listApp(deps, connectionId, app.appId);
  } catch (error) {
    const failed = await toFault(deps, app, error, "connect");
    const status = statusOf(failed);
    if (status !== null) await deps.status.report(connectionId, status, { code: failed.code, detail: failed.detail });
    throw failed;
  }
}

/** In a new session where the server has forgotten the one it had. */
async function listApp(deps: RefreshToolsDeps, connectionId: string, appId: string): Promise<RefreshedTools> {
  for (let attempt = 1; ; attempt += 1) {
    const lease = await deps.sessions.acquire({
      connectionId,
      callerKey: OWN_CALLER,
      capabilities: {},
      forwardedHeaders: null,
    });
    const { session } = lease;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const list = await listTools(session, signal);
      await store(deps, connectionId, appId, session, list);
      // An app that lists its tools and fails to list the rest is of use all the same.
      const items = await listItems(session, signal).catch(() => null);
      if (items !== null) await storeItems(deps, connectionId, items);
      await deps.status.report(connectionId, "connected");
      return { tools: list.tools.length };
    } catch (error) {
      // A session that cannot list is of no use to the next attempt either.
      lease.discard();
      const forgotten = session.stateful && describeFailure(error).kind === "session-lost";
      if (!forgotten || attempt > 1) throw error;
    } finally {
      lease.release();
    }
  }
}

async function store(
  deps: RefreshToolsDeps,
  connectionId: string,
  appId: string,
  { server, protocol }: Session,
  list: ToolList,
): Promise<void> {
  const { database } = deps;
  // Hashed before the transaction: IndexedDB ends a transaction that waits for anything else.
  const rows = await Promise.all(list.tools.map((definition) => toRow(connectionId, definition)));
  const listed = new Set(rows.map((row) => row.name));
  await database.transaction("rw", [database.tools, database.connections, database.apps], async () => {
    // Removed meanwhile: nothing is left behind.
    if ((await database.connections.get(connectionId)) === undefined) return;
    const before = await database.tools.where({ connectionId }).toArray();
    const gone = list.truncated ? [] : before.filter((row) => row.present && !listed.has(row.name));
    await database.tools.bulkPut([...rows, ...gone.map((row) => ({ ...row, present: false }))]);
    await database.connections.update(connectionId, { toolsListedAt: deps.now(), leftOut: leftOutOf(list) });
    await database.apps.update(appId, { server, protocol });
    const app = await database.apps.get(appId);
    const given = server?.title ?? server?.name ?? "";
    // A protected app told its name to nobody when it was added, so it was named after its host.
    if (app?.name === hostOf(app?.url) && given !== "")
      await database.apps.update(appId, { name: given.trim().slice(0, 80) });
  });
}

async function storeItems(
  { database, now }: RefreshToolsDeps,
  connectionId: string,
  { items, truncated }: ItemList,
): Promise<void> {
  const listed = new Set(items.map(({ kind, id }) => `${kind} ${id}`));
  await database.transaction("rw", [database.items, database.connections], async () => {
    if ((await database.connections.get(connectionId)) === undefined) return;
    const before = await database.items.where({ connectionId }).toArray();
    const gone = before.filter(
      ({ kind, id, present }) => present && !listed.has(`${kind} ${id}`) && !truncated.includes(kind),
    );
    await database.items.bulkPut([
      ...items.map((item) => ({ ...item, connectionId, present: true })),
      ...gone.map((row) => ({ ...row, present: false })),
    ]);
    await database.connections.update(connectionId, { itemsListedAt: now() });
  });
}

/** Kept by name of each list. */
const LEFT_OUT_NAMES = 20;

const leftOutOf = ({ skipped, truncated }: ToolList): LeftOut => ({
  tools: skipped.slice(0, LEFT_OUT_NAMES),
  more: Math.max(0, skipped.length - LEFT_OUT_NAMES),
  truncated,
});

const hostOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).host);

async function toRow(connectionId: string, definition: ToolDefinition): Promise<ToolRow> {
  const { riskClass, declared } = classifyRisk(definition);
  const pin = await pinTool(definition);
  return { connectionId, name: definition.name, definition, pin, riskClass, riskDeclared: declared, present: true };
}
