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
/** Characters of undelivered results that outlive the worker; the browser keeps 10 MB in all. */
const KEPT_RESULTS = 4_000_000;

export type Ledger = {
  ledgerId: () => Promise<string>;
  /** Judges an arriving call. A new one is known at once in memory, and kept from its first `mark`. */
  receive: (call: { callId: string; attempt: number }) => Promise<Verdict>;
  /** Records that the call waits for `go`, or that it is about to leave for the app. */
  mark: (callId: string, state: "unstarted" | "running", needsGo: boolean) => Promise<void>;
  finish: (result: CallResult) => Promise<void>;
  /** The relay has taken the result over: it is forgotten, that the call was done is not. */
  stored: (callId: string) => Promise<void>;
  hello: () => Promise<Hello>;
  outbox: () => Promise<CallResult[]>;
  find: (callId: string) => LedgerEntry | undefined;
  /** Begins anew under another id: what one relay asked for is none of another's business. */
  forget: () => Promise<void>;
};

/** The record of calls, kept where it outlives the worker but not the browser. */
export function createLedger(deps: { session: SessionStore; bootId: string; now: () => number }): Ledger {
  const entries = new Map<string, LedgerEntry>();
  /** callId → characters of the results that were written. */
  const kept = new Map<string, number>();
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
      if (row.result !== null) kept.set(row.callId, lengthOf(row.result));
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
    await deps.session.set(PREFIX + entry.callId, entry);
  };

  /** Drops the oldest calls that nobody can still ask for; open ones only when all are open. */
  const makeRoom = (): void => {
    if (entries.size < ENTRIES) return;
    const oldest =
      [...entries.values()].find((entry) => entry.state === "done" && entry.result === null) ??
      [...entries.values()][0];
    if (oldest === undefined) return;
    entries.delete(oldest.callId);
    kept.delete(oldest.callId);
    void deps.session.remove(PREFIX + oldest.callId).catch(() => undefined);
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
      const done: LedgerEntry = { ...entry, state: "done", attempt: result.attempt, result };
      entries.set(result.callId, done);
      const length = lengthOf(result);
      // Too long to keep: delivered from memory; should the worker die first, the record still says "running".
      if ([...kept.values()].reduce((sum, each) => sum + each, length) > KEPT_RESULTS) return;
      kept.set(result.callId, length);
      await write(done);
    },
    stored: async (callId) => {
      const entry = entries.get(callId);
      kept.delete(callId);
      if (entry?.state === "done" && entry.result !== null) await write({ ...entry, result: null });
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
      const callIds = [...entries.keys()];
      entries.clear();
      kept.clear();
      loading = renew();
      await loading;
      await Promise.all(callIds.map((callId) => deps.session.remove(PREFIX + callId)));
    },
  };
}

const lengthOf = (result: CallResult): number => JSON.stringify(result).length;
