import { outcomeSchema, type CallResult, type Outcome } from "@agent-personas/shared/tunnel/messages";
import type { RelayDeps } from "../../deps.ts";
import { findStreamEvents } from "../../store/stream-events.ts";
import type { EventWriter } from "./event-writer.ts";
import { openEvent, sealEvent, streamHash } from "./seal-event.ts";

/**
 * Outcomes of calls that the process before this one made. Its clients come back for them by the ids of their streams,
 * which name the call; nobody else can, and nobody for whom another person's browsers execute.
 */
export type LateOutcomes = {
  keep: (userId: string, result: Pick<CallResult, "callId" | "outcome">) => void;
  /** Null when the signal aborts first. */
  wait: (userId: string, callId: string, signal: AbortSignal) => Promise<Outcome | null>;
  /** What is held in memory. */
  bytes: () => number;
};

/** Outcomes of one person that are held. */
export const MAX_LATE = 300;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PEOPLE = 5_000;
/** Of all together in memory; what goes from there is still in the database. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

type Late = Map<string, string>;

export function createLateOutcomes(deps: Pick<RelayDeps, "store" | "now"> & { writer: EventWriter }): LateOutcomes {
  const byUser = new Map<string, Late>();
  const waiting = new Map<string, Set<(outcome: Outcome) => void>>();

  let total = 0;

  const stored = async (key: string): Promise<Outcome | null> => {
    const [row] = await findStreamEvents(deps.store.db, hashOf(key));
    const text = row === undefined ? null : openEvent(row.sealed, sealOf(key));
    return text === null ? null : outcomeSchema.parse(JSON.parse(text));
  };

  const held = (userId: string, key: string): Outcome | null => {
    const text = byUser.get(userId)?.get(key);
    return text === undefined ? null : outcomeSchema.parse(JSON.parse(text));
  };

  const forget = (userId: string, late: Late, key: string): void => {
    total -= late.get(key)?.length ?? 0;
    late.delete(key);
    if (late.size === 0) byUser.delete(userId);
  };

  /** False when nobody's outcomes are taken any more. */
  const hold = (userId: string, key: string, text: string): boolean => {
    const late: Late = byUser.get(userId) ?? new Map<string, string>();
    if (!byUser.has(userId) && byUser.size >= MAX_PEOPLE) return false;
    if (late.has(key)) forget(userId, late, key);
    byUser.set(userId, late.set(key, text));
    total += text.length;
    let bytes = [...late.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [first, { length }] of late) {
      if (late.size <= MAX_LATE && bytes <= MAX_BYTES) break;
      bytes -= length;
      forget(userId, late, first);
      deps.writer.drop(hashOf(first));
    }
    for (const [other, theirs] of byUser) {
      for (const first of theirs.keys()) {
        if (total <= MAX_TOTAL_BYTES) return true;
        forget(other, theirs, first);
      }
    }
    return true;
  };

  return {
    keep: (userId, { callId, outcome }) => {
      const key = keyOf(userId, callId);
      for (const take of waiting.get(key) ?? []) take(outcome);
      const text = JSON.stringify(outcome);
      if (!hold(userId, key, text)) return;
      // The device forgets it now, and this process may end, too.
      deps.writer.add({
        streamHash: hashOf(key),
        seq: 0,
        sealed: sealEvent(text, sealOf(key)),
        createdAt: deps.now(),
      });
    },
    wait: async (userId, callId, signal) => {
      const key = keyOf(userId, callId);
      const { promise, resolve } = Promise.withResolvers<Outcome | null>();
      const waiters = waiting.get(key) ?? new Set();
      const end = (): void => resolve(null);
      waiting.set(key, waiters.add(resolve));
      signal.addEventListener("abort", end, { once: true });
      try {
        if (signal.aborted) return null;
        return held(userId, key) ?? (await stored(key)) ?? (await promise);
      } finally {
        signal.removeEventListener("abort", end);
        waiters.delete(resolve);
        if (waiters.size === 0) waiting.delete(key);
      }
    },
    bytes: () => total,
  };
}

const keyOf = (userId: string, callId: string): string => `${userId} ${callId}`;
const hashOf = (key: string): string => streamHash(`outcome ${key}`);
const sealOf = (key: string) => ({ key, bound: "outcome" });
