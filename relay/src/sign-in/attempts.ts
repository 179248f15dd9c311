import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";
import { addressBlock } from "../http/address-block.ts";

/** Wrong guesses of an address within a window. */
export type Attempts = {
  /** Counts a guess before it is judged, so that parallel ones cannot slip through. False: no more for now. */
  begin: (address: string) => boolean;
  /** The guess was right: it does not count. */
  succeeded: (address: string) => void;
};

/** Addresses remembered at most; beyond it the oldest is forgotten. */
const KEPT = 50_000;

export function createAttempts(deps: { now: () => number; limit: number; windowMs: number }): Attempts {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return {
    begin: (address) => {
      const name = addressBlock(address);
      const now = deps.now();
      const known = windows.get(name);
      const window = known === undefined || known.endsAt <= now ? { count: 0, endsAt: now + deps.windowMs } : known;
      if (window !== known) {
        keepNewest(windows, name, window, KEPT);
      }
      if (window.count >= deps.limit) return false;
      window.count += 1;
      return true;
    },
    succeeded: (address) => {
      const window = windows.get(addressBlock(address));
      if (window !== undefined) window.count = Math.max(0, window.count - 1);
    },
  };
}
