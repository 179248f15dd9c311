import { addUsage, deleteUsageBefore, findUsage, type Amount } from "../store/monthly-usage.ts";
import type { Store } from "../store/store.ts";
import { monthOf } from "./month.ts";

/** What one person, persona or key uses in one month. */
export type Counter = {
  readonly used: Amount;
  /** Calls that run: they count against a budget until it is known whether they were executed. */
  readonly reserved: Amount;
  reserve: (amount: Amount) => void;
  settle: (amount: Amount, executed: boolean) => void;
};

export type MonthlyCounters = {
  /** The counter of this month, read from the store when it is first asked for. */
  get: (subjectId: string) => Promise<Counter>;
  /** Writes what was counted since; several calls at once follow each other. */
  flush: () => Promise<void>;
  size: () => number;
};

type Entry = Counter & { month: string; subjectId: string; unsaved: Amount; touchedAt: number };

/** How long a counter that nobody asks for is kept in memory. Milliseconds. */
const IDLE_MS = 10 * 60_000;

const nothing = (): Amount => ({ calls: 0, millicents: 0 });
const add = (to: Amount, amount: Amount, sign: 1 | -1 = 1): void => {
  to.calls += sign * amount.calls;
  to.millicents += sign * amount.millicents;
};

/** Counted in memory, loaded when needed, written as differences: no call waits for the database. */
export function createMonthlyCounters(deps: { store: Store; now: () => number }): MonthlyCounters {
  const { db } = deps.store;
  const counters = new Map<string, Promise<Entry>>();
  const loaded = new Map<string, Entry>();
  let swept = "";
  let writing: Promise<void> = Promise.resolve();

  const load = async (month: string, subjectId: string): Promise<Entry> => {
    const { calls, millicents } = await findUsage(db, month, subjectId);
    const entry: Entry = {
      month,
      subjectId,
      used: { calls, millicents },
      reserved: nothing(),
      unsaved: nothing(),
      touchedAt: deps.now(),
      reserve: (amount) => add(entry.reserved, amount),
      settle: (amount, executed) => {
        add(entry.reserved, amount, -1);
        if (!executed) return;
        add(entry.used, amount);
        add(entry.unsaved, amount);
      },
    };
    return entry;
  };

  const get = async (subjectId: string): Promise<Counter> => {
    const month = monthOf(deps.now());
    const name = `${month} ${subjectId}`;
    const known = loaded.get(name);
    if (known !== undefined) {
      known.touchedAt = deps.now();
      return known;
    }
    const waiting = counters.get(name);
    if (waiting !== undefined) return waiting;
    const loading = load(month, subjectId);
    counters.set(name, loading);
    try {
      const entry = await loading;
      loaded.set(name, entry);
      return entry;
    } finally {
      counters.delete(name);
    }
  };

  const write = async (): Promise<void> => {
    const month = monthOf(deps.now());
    const changed = [...loaded.values()]
      .filter(({ unsaved }) => unsaved.calls > 0 || unsaved.millicents > 0)
      .map((entry) => ({ entry, amount: entry.unsaved }));
    if (changed.length > 0 || swept !== month) {
      for (const { entry } of changed) entry.unsaved = nothing();
      try {
        await db.transaction().execute(async (trx) => {
          for (const { entry, amount } of changed) {
            await addUsage(trx, { ...amount, month: entry.month, subjectId: entry.subjectId });
          }
          if (swept !== month) await deleteUsageBefore(trx, month);
        });
      } catch (error) {
        // Not written: it is part of the next attempt.
        for (const { entry, amount } of changed) add(entry.unsaved, amount);
        throw error;
      }
      swept = month;
    }
    forgetIdle();
  };

  /** Only what is written and not in use, since it would be read back as it was written. */
  const forgetIdle = (): void => {
    const before = deps.now() - IDLE_MS;
    for (const [name, { unsaved, reserved, touchedAt }] of loaded) {
      if (touchedAt < before && unsaved.calls === 0 && unsaved.millicents === 0 && reserved.calls === 0) {
        loaded.delete(name);
      }
    }
  };

  return {
    get,
    flush: () => {
      writing = writing.then(write, write);
      return writing;
    },
    size: () => loaded.size,
  };
}
