/** A token bucket. `now` in ms; tokens come back evenly over a second. */
export type MessageRate = { take: () => boolean; giveBack: () => void };

export function createMessageRate(limits: { perSecond: number; burst: number }, now: () => number): MessageRate {
  let tokens = limits.burst;
  let filledAt = now();
  return {
    take: () => {
      const at = now();
      tokens = Math.min(limits.burst, tokens + (Math.max(0, at - filledAt) / 1_000) * limits.perSecond);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    giveBack: () => {
      tokens = Math.min(limits.burst, tokens + 1);
    },
  };
}
