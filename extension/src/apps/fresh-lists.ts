import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { cachedRow } from "../db/cached-row.ts";
import type { Database } from "../db/database.ts";
import { loadConnection } from "./load-connection.ts";
import type { ToolRefresher } from "./refresh-tools.ts";
import { within } from "./within.ts";

export type FreshListsDeps = {
  database: Database;
  refresher: ToolRefresher;
  now: () => number;
  /** How long a call waits for a list. Milliseconds. */
  waitMs: number;
};

/** An app's tools, or what it lists beside them. */
export type ListKind = "tools" | "items";

export type FreshLists = {
  /**
   * Answers once the list that is stored of a connection is young enough to compare a call with.
   * @throws AppError that fits the caller when it cannot be had; nothing was executed
   */
  ensure: (connectionId: string, kind: ListKind, options: { stranger: boolean }) => Promise<void>;
  /** The app says that its lists changed: they are read in the background, or before the next call some time later. */
  announced: (connectionId: string) => void;
};

/** A call is never compared with an older list: the app may have changed its definitions since. */
const STALE_MS = 10 * 60_000;
/** From then on it is listed anew beside the calls, so that those of an app in use need not wait. */
const AGEING_MS = 5 * 60_000;
/** A server that keeps announcing changes is listed at most this often. */
const RETRY_MS = 30_000;

/** Keeps what is stored of apps' lists as young as the comparison with the approved definitions needs it. */
export function createFreshLists({ database, refresher, now, waitMs }: FreshListsDeps): FreshLists {
  const triedAt = new Map<string, number>();
  /** How many listings had begun at the last announcement, of each connection whose lists were not read since. */
  const announcedAfter = new Map<string, number>();

  const isTooSoon = (connectionId: string): boolean => now() - (triedAt.get(connectionId) ?? 0) < RETRY_MS;

  /** Infinite for what was never listed, or by a clock that has been set back since. */
  const ageOf = async (connectionId: string, kind: ListKind): Promise<number> => {
    const row = await cachedRow(database, "connections", connectionId);
    const listedAt = (kind === "tools" ? row?.toolsListedAt : row?.itemsListedAt) ?? null;
    return listedAt === null || listedAt > now() ? Infinity : now() - listedAt;
  };

  /** Lists, or waits for the listing under way; answers which it was, counted from 1. */
  const listOnce = async (connectionId: string): Promise<number> => {
    const listed = refresher.refresh(connectionId);
    const number = refresher.begun(connectionId);
    await listed;
    return number;
  };

  /**
   * All who wait share one listing, which goes on for those that come after a call has given up. One that was under way
   * when the app announced a change may have read already what changed, so another follows it.
   */
  const listAnew = async (connectionId: string): Promise<number> => {
    triedAt.set(connectionId, now());
    const missed = announcedAfter.get(connectionId) ?? 0;
    let number = await listOnce(connectionId);
    if (number <= missed) number = await listOnce(connectionId);
    if (number > (announcedAfter.get(connectionId) ?? Infinity)) announcedAfter.delete(connectionId);
    return number;
  };

  const refreshSoon = (connectionId: string): void => {
    // Its failure is in the connection's status.
    if (!isTooSoon(connectionId)) listAnew(connectionId).catch(() => undefined);
  };

  const list = async (connectionId: string, kind: ListKind): Promise<void> => {
    const listed = await within(listAnew(connectionId), waitMs);
    if (listed === undefined) throw unreachable("it does not list in time what it offers");
    // Of the tools alone, where the app failed to list the rest.
    if ((await ageOf(connectionId, kind)) > STALE_MS) throw unreachable("it fails to list resources and prompts");
  };

  return {
    announced: (connectionId) => {
      announcedAfter.set(connectionId, refresher.begun(connectionId));
      refreshSoon(connectionId);
    },
    ensure: async (connectionId, kind, { stranger }) => {
      const age = await ageOf(connectionId, kind);
      const isMissed = announcedAfter.has(connectionId) && !isTooSoon(connectionId);
      if (!isMissed && age <= AGEING_MS) return;
      if (!isMissed && age <= STALE_MS) return refreshSoon(connectionId);
      try {
        await list(connectionId, kind);
      } catch (error) {
        if (!isAppError(error)) throw error;
        const { app } = await loadConnection(database, connectionId).catch(() => ({ app: { name: "" } }));
        throw stranger ? forStranger(error, app.name) : forCaller(error, app.name);
      }
    },
  };
}

const unreachable = (reason: string, app?: string): AppError =>
  new AppError("app_unreachable", { detail: { ...(app !== undefined && { app }), reason } });

/** In the words for AI clients, and never as something that the call itself may have met after it was executed. */
function forCaller(error: AppError, app: string): AppError {
  switch (error.code) {
    case "app_unreachable":
    case "connect_unreachable":
    case "connect_not_mcp":
    case "result_too_large":
      return unreachable(error.detail["reason"] ?? "what it offers is too long to be listed", app);
    case "app_not_found":
      return new AppError("app_not_bound", { cause: error });
    default:
      return error;
  }
}

/** The list is read over the owner's own sign-in: in what state that is, is none of a passthrough caller's business. */
const forStranger = (error: AppError, app: string): AppError =>
  error.code === "too_busy" ? error : unreachable("what it offers now cannot be compared with what was approved", app);
