export type Cap = {
  /** Null when there is no room; else what makes room again, to be called once. */
  enter(key: string): (() => void) | null;
};

/** Room for `each` of one key at once, and for `all` of all keys together. */
export function createCap({ each, all }: { each: number; all: number }): Cap {
  const inside = new Map<string, number>();
  let total = 0;

  return {
    enter(key) {
      const mine = inside.get(key) ?? 0;
      if (mine >= each || total >= all) return null;
      inside.set(key, mine + 1);
      total += 1;
      return () => {
        total -= 1;
        const left = (inside.get(key) ?? 0) - 1;
        if (left > 0) inside.set(key, left);
        else inside.delete(key);
      };
    },
  };
}
