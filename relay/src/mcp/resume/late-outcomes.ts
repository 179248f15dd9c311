import { outcomeSchema, type CallResult, type Outcome } from "@agent-personas/shared/tunnel/messages";
import type { RelayDeps } from "../../deps.ts";
import { findStreamEvents } from "../../store/stream-events.ts";
import type { EventWriter } from "./event-writer.ts";
import { openEvent, sealEvent, streamHash } from "./seal-event.ts";

/**
 * Outcomes of calls that the process before this one made. Its clients come back for them by the ids of their streams,
 * which name the call; nobody else can.
 */
export type LateOutcomes = {
  keep: (userId: string, result: Pick<CallResult, "callId" | "outcome">) => void;
  /** Null when the signal aborts first. */
  wait: (callId: string, signal: AbortSignal) => Promise<Outcome | null>;
};

/** Outcomes of one person that are held. */
export const MAX_LATE = 300;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PEOPLE = 5_000;

type Late = Map<string, string>;

export function createLateOutcomes(deps: Pick<RelayDeps, "store" | "now"> & { writer: EventWriter }): LateOutcomes {
  const byUser = new Map<string, Late>();
  const waiting = new Map<string, Set<(outcome: Outcome) => void>>();

  const stored = async (callId: string): Promise<Outcome | null> => {
    const [row] = await findStreamEvents(deps.store.db, hashOf(callId));
    const text = row === undefined ? null : openEvent(row.sealed, sealOf(callId));
    return text === null ? null : outcomeSchema.parse(JSON.parse(text));
  };

  const held = (callId: string): Outcome | null => {
    for (const late of byUser.values()) {
      const text = late.get(callId);
      if (text !== undefined) return outcomeSchema.parse(JSON.parse(text));
    }
    return null;
  };

  const hold = (userId: string, callId: string, text: string): void => {
    const late: Late = byUser.get(userId) ?? new Map<string, string>();
    if (!byUser.has(userId) && byUser.size >= MAX_PEOPLE) return;
    byUser.set(userId, late.set(callId, text));
    let bytes = [...late.values()].reduce((sum, each) => sum + each.length, 0);
    for (const [first, { length }] of late) {
      if (late.size <= MAX_LATE && bytes <= MAX_BYTES) break;
      late.delete(first);
      bytes -= length;
    }
  };

  return {
    keep: (userId, { callId, outcome }) => {
      for (const take of waiting.get(callId) ?? []) take(outcome);
      const text = JSON.stringify(outcome);
      hold(userId, callId, text);
      // The device forgets it now, and this process may end, too.
      deps.writer.add({
        streamHash: hashOf(callId),
        seq: 0,
        sealed: sealEvent(text, sealOf(callId)),
        createdAt: deps.now(),
      });
    },
    wait: async (callId, signal) => {
      const { promise, resolve } = Promise.withResolvers<Outcome | null>();
      const waiters = waiting.get(callId) ?? new Set();
      const end = (): void => resolve(null);
      waiting.set(callId, waiters.add(resolve));
      signal.addEventListener("abort", end, { once: true });
      try {
        if (signal.aborted) return null;
        return held(callId) ?? (await stored(callId)) ?? (await promise);
      } finally {
        signal.removeEventListener("abort", end);
        waiters.delete(resolve);
        if (waiters.size === 0) waiting.delete(callId);
      }
    },
  };
}

const hashOf = (callId: string): string => streamHash(`outcome ${callId}`);
const sealOf = (callId: string) => ({ key: callId, bound: "outcome" });
