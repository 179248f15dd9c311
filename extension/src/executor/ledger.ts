import type { CallResult } from "@agent-personas/shared/tunnel/messages";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import { randomBase62 } from "@agent-personas/shared/primitives/random";
import { z } from "zod";
import type { SessionStore } from "../lib/session-store.ts";
import { judgeCall, ledgerEntrySchema, type LedgerEntry, type Verdict } from "./ledger-entry.ts";

const ID_KEY = "ledger-id";
const PREFIX = "call:";
/** As many as a `hello` may carry. */
const ENTRIES = 1_000;
/** How long it waits for company that a call is done: mostly the relay has the result by then. Milliseconds. */
const LAZY_MS = 50;
/** Forgotten calls whose rows go in one removal. */
const GONE = 64;
/** Characters of undelivered results that outlive the worker; the browser keeps 10 MB in all. */
const KEPT_RESULTS = 4_000_000;

export type Ledger = {
  ledgerId: () => Promise<string>;
  /** Judges an arriving call. A new one is known at once in memory, and kept from its first `mark`. */
  receive: (call: { callId: string; attempt: number }) => Promise<Verdict>;
  /** Records that the call waits for `go`, or that it is about to leave for the app. */
  mark: (callId: string, state: "unstarted" | "running", needsGo: boolean) => Promise<void>;
  /** Known at once; kept a moment later, if the relay does not take the result over before. */
  finish: (result: CallResult) => Promise<void>;
  /**
   * The relay has taken the result over: it is forgotten, that the call was done is not. Written along with what comes
   * next: a worker that dies before delivers the result once more, which the relay is used to.
   */
  stored: (callId: string) => void;
  hello: () => Promise<Hello>;
  outbox: () => Promise<CallResult[]>;
  find: (callId: string) => LedgerEntry | undefined;
  /** Begins anew under another id: what one relay asked for is none of another's business. */
  forget: () => Promise<void>;
};

/** The record of calls, kept where it outlives the worker but not the browser. */
export function createLedger(deps: {
  session: SessionStore;
  bootId: string;
  now: () => number;
  lazyMs?: number;
}): Ledger {
  const entries = new Map<string, LedgerEntry>();
  /** callId → characters of the results that were written. */
  const kept = new Map<string, number>();
  /** What the next write takes with it, and what may wait for one of its own. */
  const unwritten = new Map<string, LedgerEntry>();
  const done = new Map<string, LedgerEntry>();
  /** Keys of rows that are forgotten, but there still. */
  const gone: string[] = [];
  let saving: Promise<ReadonlySet<string>> = Promise.resolve(new Set<string>());
  let next: Promise<ReadonlySet<string>> | null = null;
  let lazy: Promise<unknown> | null = null;
  let loading: Promise<string> | null = null;

  const load = (): Promise<string> => {
    loading ??= read();
    return loading;
  };

  const read = async (): Promise<string> => {
    const rows = Object.values(await deps.session.list(PREFIX))
      .map((row) => ledgerEntrySchema.safeParse(row))
      .flatMap((row) => (row.success ? [row.data] : []))
      .toSorted((a, b) => a.receivedAt - b.receivedAt);
    for (const row of rows) {
      entries.set(row.callId, row);
      if (row.result !== null) kept.set(row.callId, JSON.stringify(row.result).length);
    }
    const known = z.string().safeParse(await deps.session.get(ID_KEY));
    return known.success ? known.data : renew();
  };

  const renew = async (): Promise<string> => {
    const ledgerId = randomBase62(22);
    await deps.session.set(ID_KEY, ledgerId);
    return ledgerId;
  };

  const write = async (entry: LedgerEntry): Promise<void> => {
    entries.set(entry.callId, entry);
    unwritten.set(entry.callId, entry);
    const failed = await save();
    if (failed.has(entry.callId)) throw new Error("The record of a call cannot be written.");
  };

  /** What calls have to write at one time goes in one write, which takes the browser as long as that of a single one. */
  const save = (): Promise<ReadonlySet<string>> => {
    next ??= saving.then(() => {
      next = null;
      const rows = [...unwritten.values()];
      unwritten.clear();
      saving = saveAll(rows);
      return saving;
    });
    return next;
  };

  const writeLater = (entry: LedgerEntry): Promise<unknown> => {
    entries.set(entry.callId, entry);
    done.set(entry.callId, entry);
    lazy ??= wait(deps.lazyMs ?? LAZY_MS).then(() => {
      lazy = null;
      for (const row of done.values()) if (fits(row)) unwritten.set(row.callId, row);
      done.clear();
      return save();
    });
    return lazy;
  };

  /** Answers the ids that could not be written. One that is too long must not take the others with it. */
  const saveAll = async (list: readonly LedgerEntry[]): Promise<ReadonlySet<string>> => {
    const failed = new Set<string>();
    if (list.length === 0) return failed;
    try {
      await deps.session.setAll(Object.fromEntries(list.map((row) => [PREFIX + row.callId, row])));
    } catch {
      for (const row of list) {
        await deps.session.set(PREFIX + row.callId, row).catch(() => void failed.add(row.callId));
      }
    }
    return failed;
  };

  /** Too long to keep: delivered from memory; should the worker die first, the record still says "running". */
  const fits = ({ callId, result }: LedgerEntry): boolean => {
    if (result === null) return true;
    const length = JSON.stringify(result).length;
    if ([...kept.values()].reduce((sum, each) => sum + each, length) > KEPT_RESULTS) return false;
    kept.set(callId, length);
    return true;
  };

  /** Drops the oldest calls that nobody can still ask for; open ones only when all are open. */
  const makeRoom = (): void => {
    while (entries.size >= ENTRIES) {
      const settled = [...entries.values()].find((entry) => entry.state === "done" && entry.result === null);
      const callId = settled?.callId ?? entries.keys().next().value;
      if (callId === undefined) return;
      forgetCall(callId);
      gone.push(PREFIX + callId);
    }
    if (gone.length < GONE) return;
    const keys = gone.splice(0);
    // After what is being written, or a row would come back.
    void saving.then(() => deps.session.removeAll(keys)).catch(() => undefined);
  };

  const forgetCall = (callId: string): void => {
    for (const map of [entries, kept, unwritten, done]) map.delete(callId);
  };

  return {
    ledgerId: load,
    receive: async (call) => {
      await load();
      const verdict = judgeCall(entries.get(call.callId), call, deps.bootId);
      if (verdict.kind !== "new") return verdict;
      const entry: LedgerEntry = {
        callId: call.callId,
        attempt: call.attempt,
        state: "unstarted",
        needsGo: true,
        bootId: deps.bootId,
        receivedAt: deps.now(),
        result: null,
      };
      // In memory at once, so that a second copy arriving meanwhile is seen as one.
      entries.delete(call.callId);
      entries.set(call.callId, entry);
      makeRoom();
      return verdict;
    },
    mark: async (callId, state, needsGo) => {
      const entry = entries.get(callId);
      if (entry !== undefined && entry.state !== "done") await write({ ...entry, state, needsGo });
    },
    finish: async (result) => {
      const entry = entries.get(result.callId);
      if (entry === undefined || entry.state === "done") return;
      await writeLater({ ...entry, state: "done", attempt: result.attempt, result });
    },
    stored: (callId) => {
      const entry = entries.get(callId);
      kept.delete(callId);
      if (entry?.state === "done" && entry.result !== null) void writeLater({ ...entry, result: null });
    },
    hello: async () => {
      await load();
      const open = [...entries.values()].filter((entry) => entry.state !== "done" || entry.result !== null);
      return { calls: open.slice(-ENTRIES).map(({ callId, state }) => ({ callId, state })) };
    },
    outbox: async () => {
      await load();
      return [...entries.values()].flatMap((entry) => (entry.result === null ? [] : [entry.result]));
    },
    find: (callId) => entries.get(callId),
    forget: async () => {
      await load();
      const keys = [...[...entries.keys()].map((callId) => PREFIX + callId), ...gone.splice(0)];
      for (const callId of entries.keys()) forgetCall(callId);
      loading = renew();
      await Promise.all([loading, saving]);
      await deps.session.removeAll(keys);
    },
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
