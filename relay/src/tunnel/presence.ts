import type { Connection } from "./connection.ts";

/** Whose devices may execute a call, and what for. */
export type Wanted = { userId: string; deviceId: string | null; personaId: string; slotId: string | null };

/** Which devices are there, on this node. */
export type Presence = {
  get: (deviceId: string) => Connection | null;
  /** Makes this the device's one connection; answers the one it replaces. */
  add: (connection: Connection) => Connection | null;
  /** False when a newer connection has already taken its place. */
  remove: (connection: Connection) => boolean;
  /** To be called when a connection became ready: whoever waits for it goes on. */
  announce: (connection: Connection) => void;
  /** The device that should execute: with a working binding first, then the preferred, then the most recently active. */
  pick: (wanted: Wanted) => Connection | null;
  /** Whether a device says that it has a working binding for what is wanted. */
  serves: (connection: Connection, wanted: Wanted) => boolean;
  /** As `pick`, waiting up to `ms`; null then or when aborted, `full` at once when too many wait already. */
  wait: (wanted: Wanted, options: { ms: number; signal: AbortSignal }) => Promise<Connection | "full" | null>;
  ofUser: (userId: string) => Connection[];
  all: () => Connection[];
  waiting: () => number;
};

const MAX_WAITING_PER_USER = 512;

export function createPresence(): Presence {
  const byDevice = new Map<string, Connection>();
  const byUser = new Map<string, Set<Connection>>();
  const waiters = new Map<string, Set<(connection: Connection) => void>>();

  const pick = (wanted: Wanted): Connection | null => {
    let best: Connection | null = null;
    for (const candidate of byUser.get(wanted.userId) ?? []) {
      if (!fits(candidate, wanted)) continue;
      if (best === null || isBetter(candidate, best, wanted)) best = candidate;
    }
    return best;
  };

  const remove = (connection: Connection): boolean => {
    const siblings = byUser.get(connection.userId);
    siblings?.delete(connection);
    if (siblings?.size === 0) byUser.delete(connection.userId);
    if (byDevice.get(connection.deviceId) !== connection) return false;
    byDevice.delete(connection.deviceId);
    return true;
  };

  return {
    get: (deviceId) => byDevice.get(deviceId) ?? null,
    add: (connection) => {
      const older = byDevice.get(connection.deviceId) ?? null;
      if (older !== null) remove(older);
      byDevice.set(connection.deviceId, connection);
      byUser.set(connection.userId, (byUser.get(connection.userId) ?? new Set()).add(connection));
      return older;
    },
    remove,
    announce: (connection) => {
      for (const wake of waiters.get(connection.userId) ?? []) wake(connection);
    },
    pick,
    serves: (connection, wanted) => aptitude(connection, wanted) === 2,
    wait: (wanted, { ms, signal }) => {
      const line = waiters.get(wanted.userId) ?? new Set();
      if (signal.aborted) return Promise.resolve(null);
      if (line.size >= MAX_WAITING_PER_USER) return Promise.resolve("full");
      return new Promise((resolve) => {
        const finish = (connection: Connection | null): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", giveUp);
          line.delete(wake);
          if (line.size === 0) waiters.delete(wanted.userId);
          resolve(connection);
        };
        const giveUp = (): void => finish(null);
        const wake = (connection: Connection): void => {
          if (fits(connection, wanted)) finish(connection);
        };
        const timer = setTimeout(giveUp, ms);
        signal.addEventListener("abort", giveUp, { once: true });
        waiters.set(wanted.userId, line.add(wake));
      });
    },
    ofUser: (userId) => [...(byUser.get(userId) ?? [])],
    all: () => [...byDevice.values()],
    waiting: () => [...waiters.values()].reduce((sum, line) => sum + line.size, 0),
  };
}

const fits = (connection: Connection, wanted: Wanted): boolean =>
  connection.ready && (wanted.deviceId === null || wanted.deviceId === connection.deviceId);

function isBetter(candidate: Connection, best: Connection, wanted: Wanted): boolean {
  const difference = aptitude(candidate, wanted) - aptitude(best, wanted);
  if (difference !== 0) return difference > 0;
  return candidate.preferred === best.preferred ? candidate.activeAt > best.activeAt : candidate.preferred;
}

/** 2: has a working binding · 1: has not said · 0: says that it cannot. */
function aptitude(connection: Connection, wanted: Wanted): number {
  if (connection.serves === null || wanted.slotId === null) return 1;
  const persona = connection.serves.find((served) => served.personaId === wanted.personaId);
  return persona?.slots.some((slot) => slot.slotId === wanted.slotId && slot.status === "connected") === true ? 2 : 0;
}
