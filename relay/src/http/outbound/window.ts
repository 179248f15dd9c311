const KEYS = 10_000;

/** Counts per key within a fixed window. When it holds too many keys, all start again at the next window. */
export function createWindow({ now, limit, windowMs }: { now: () => number; limit: number; windowMs: number }): {
  /** False when the key has used up its part. */
  take: (key: string) => boolean;
} {
  let counts = new Map<string, number>();
  let opened = now();
  return {
    take: (key) => {
      if (now() - opened >= windowMs) {
        counts = new Map();
        opened = now();
      }
      const used = counts.get(key) ?? 0;
      if (used >= limit || (used === 0 && counts.size >= KEYS)) return false;
      counts.set(key, used + 1);
      return true;
    },
  };
}
