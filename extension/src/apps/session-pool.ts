import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Session } from "./open-session.ts";

export type PoolKey = { connectionId: string; callerKey: string };

/** A session in use; `release` when the request is over, `discard` when the server has forgotten it. */
export type Lease<T> = { session: Session; owner: T; release(): void; discard(): void };

export type SessionPool<T> = {
  /** The caller's own session, opened if need be. @throws what `open` throws; AppError `too_busy`. */
  acquire(key: PoolKey, open: () => Promise<{ session: Session; owner: T }>): Promise<Lease<T>>;
  /** Ends the sessions of one connection, or all. */
  close(connectionId?: string): Promise<void>;
};

export type PoolOptions = { idleMs: number; perConnection: number; now: () => number };

type Entry<T> = PoolKey & {
  opened: Promise<{ session: Session; owner: T }>;
  inUse: number;
  lastUsed: number;
  timer: ReturnType<typeof setTimeout> | undefined;
};

/**
 * Sessions by connection and caller. A session is never handed to another caller: what a server keeps in it
 * (a working folder, a basket) is that caller's.
 */
export function createSessionPool<T>(options: PoolOptions): SessionPool<T> {
  const entries = new Map<string, Entry<T>>();

  const drop = async (id: string, entry: Entry<T>): Promise<void> => {
    if (entries.get(id) === entry) entries.delete(id);
    clearTimeout(entry.timer);
    const opened = await entry.opened.catch(() => null);
    await opened?.session.close().catch(() => undefined);
  };

  const makeRoom = (connectionId: string): void => {
    const siblings = [...entries].filter(([, entry]) => entry.connectionId === connectionId);
    if (siblings.length < options.perConnection) return;
    const idle = siblings.filter(([, entry]) => entry.inUse === 0).toSorted(([, a], [, b]) => a.lastUsed - b.lastUsed);
    const [oldest] = idle;
    if (oldest === undefined) throw new AppError("too_busy", { detail: { retryAfter: "5" } });
    void drop(...oldest);
  };

  const lease = async (id: string, entry: Entry<T>): Promise<Lease<T>> => {
    entry.inUse += 1;
    clearTimeout(entry.timer);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.inUse -= 1;
      entry.lastUsed = options.now();
      if (entry.inUse > 0) return;
      if (entries.get(id) === entry) entry.timer = setTimeout(() => void drop(id, entry), options.idleMs);
      else void drop(id, entry);
    };
    try {
      const { session, owner } = await entry.opened;
      const discard = (): void => {
        // Others may still wait for answers in it; the last of them closes it.
        if (entries.get(id) === entry) entries.delete(id);
        release();
      };
      return { session, owner, release, discard };
    } catch (error) {
      release();
      clearTimeout(entry.timer);
      if (entries.get(id) === entry) entries.delete(id);
      throw error;
    }
  };

  return {
    acquire(key, open) {
      const id = JSON.stringify([key.connectionId, key.callerKey]);
      const existing = entries.get(id);
      if (existing !== undefined) return lease(id, existing);
      try {
        makeRoom(key.connectionId);
      } catch (error) {
        return Promise.reject(error);
      }
      const entry: Entry<T> = { ...key, opened: open(), inUse: 0, lastUsed: options.now(), timer: undefined };
      entries.set(id, entry);
      return lease(id, entry);
    },
    async close(connectionId) {
      const chosen = [...entries].filter(
        ([, entry]) => connectionId === undefined || entry.connectionId === connectionId,
      );
      await Promise.all(chosen.map(([id, entry]) => drop(id, entry)));
    },
  };
}
