import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";

/** How often something may happen within a window that starts with its first time. */
export type Rate = { name: string; limit: number };

export type RateWindows = {
  /** Takes `count` of every rate or, where one has too little left, of none; answers when that one starts again. */
  take: (rates: readonly Rate[], count: number) => { until: number } | null;
  state: (rate: Rate) => { limit: number; remaining: number; resetsAt: number };
};

/** Windows remembered at most; beyond it the oldest is forgotten. */
const KEPT = 100_000;

export function createRateWindows(deps: { now: () => number; windowMs: number }): RateWindows {
  const windows = new Map<string, { count: number; endsAt: number }>();

  const open = (name: string): { count: number; endsAt: number } => {
    const now = deps.now();
    const known = windows.get(name);
    return known === undefined || known.endsAt <= now ? { count: 0, endsAt: now + deps.windowMs } : known;
  };

  return {
    take: (rates, count) => {
      const wanted = rates.map((rate) => ({ ...rate, window: open(rate.name) }));
      const short = wanted.filter(({ window, limit }) => window.count + count > limit);
      if (short.length > 0) return { until: Math.max(...short.map(({ window }) => window.endsAt)) };
      for (const { name, window } of wanted) {
        window.count += count;
        if (windows.get(name) !== window) keepNewest(windows, name, window, KEPT);
      }
      return null;
    },
    state: ({ name, limit }) => {
      const { count, endsAt } = open(name);
      return { limit, remaining: Math.max(0, limit - count), resetsAt: endsAt };
    },
  };
}
