import { createId } from "@agent-personas/shared/primitives/id";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Kept, KeptFor, KeptResults } from "./kept-results.ts";

/** A call that goes on after its caller was answered with a handle. */
export type Parked = {
  handle: string;
  /** Keeps its outcome for whoever waits. Never rejects; nor does `drop`. */
  settle: (outcome: Outcome) => Promise<void>;
  /** It ended before it was answered as parked. */
  drop: () => Promise<void>;
};

export type ParkedCalls = {
  /** Null when too many calls go on already. */
  park: (owner: KeptFor, connectionId: string) => Promise<Parked | null>;
  /** The call's outcome; `parked` again when it has not ended after `ms`, or when aborted. */
  wait: (handle: string, kept: Kept, options: { ms: number; signal: AbortSignal }) => Promise<Outcome>;
};

const PARKED = 16;
/** Each holds one of its app's places, of which the app's other calls need some. */
const PARKED_PER_CONNECTION = 4;

const unknown: Outcome = { kind: "fault", code: "outcome_unknown", detail: {} };

/** Calls that outlive their deadline. What becomes of them is in `kept`; a worker that dies takes them along. */
export function createParkedCalls({ kept, bootId }: { kept: KeptResults; bootId: string }): ParkedCalls {
  const open = new Map<string, { connectionId: string; ended: Promise<Outcome>; end: (outcome: Outcome) => void }>();

  const hasRoom = (connectionId: string): boolean =>
    open.size < PARKED &&
    [...open.values()].filter((each) => each.connectionId === connectionId).length < PARKED_PER_CONNECTION;

  return {
    park: async (owner, connectionId) => {
      if (!hasRoom(connectionId)) return null;
      const handle = createId("parked");
      const { promise: ended, resolve: end } = Promise.withResolvers<Outcome>();
      open.set(handle, { connectionId, ended, end });
      try {
        await kept.begin(handle, owner, bootId);
      } catch (error) {
        open.delete(handle);
        throw error;
      }
      return {
        handle,
        settle: async (outcome) => {
          // What could not be kept is answered to who waits now; later it is not known.
          await kept.keep(handle, owner, outcome).catch(() => undefined);
          end(outcome);
          open.delete(handle);
        },
        drop: async () => {
          open.delete(handle);
          await kept.drop(handle).catch(() => undefined);
        },
      };
    },
    wait: async (handle, found, { ms, signal }) => {
      if (found.state === "ended") return found.open();
      const call = open.get(handle);
      if (call === undefined) return unknown;
      const { promise: passed, resolve: pass } = Promise.withResolvers<Outcome>();
      const giveUp = (): void => pass({ kind: "parked", handle });
      const timer = setTimeout(giveUp, ms);
      signal.addEventListener("abort", giveUp, { once: true });
      if (signal.aborted) giveUp();
      try {
        return await Promise.race([call.ended, passed]);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
      }
    },
  };
}
