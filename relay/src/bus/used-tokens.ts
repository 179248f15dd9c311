import type { UsedTokens } from "../deps.ts";

/** Longer than a device token lives, skew on both sides included. */
const REPLAYABLE_MS = 90_000;
/** Ids of one period at most; only holders of a paired device's key add any. */
const IDS = 500_000;

/** Two generations of ids: each is remembered for one to two periods. */
export function createUsedTokens(now: () => number): UsedTokens {
  let current = new Set<string>();
  let previous = new Set<string>();
  let turned = now();
  return {
    use: (jti) => {
      const time = now();
      if (time - turned >= REPLAYABLE_MS) {
        previous = time - turned >= 2 * REPLAYABLE_MS ? new Set() : current;
        current = new Set();
        turned = time;
      }
      // Full: refuse rather than forget, since forgetting would let a token be replayed.
      if (current.has(jti) || previous.has(jti) || current.size >= IDS) return false;
      current.add(jti);
      return true;
    },
  };
}
