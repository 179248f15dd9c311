import { isIPv6 } from "node:net";

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
      const name = networkOf(address);
      const now = deps.now();
      const known = windows.get(name);
      const window = known === undefined || known.endsAt <= now ? { count: 0, endsAt: now + deps.windowMs } : known;
      if (window !== known) {
        // Anew at the end of the line, so that the first is always the oldest.
        windows.delete(name);
        windows.set(name, window);
        const oldest = windows.size > KEPT ? windows.keys().next().value : undefined;
        if (oldest !== undefined) windows.delete(oldest);
      }
      if (window.count >= deps.limit) return false;
      window.count += 1;
      return true;
    },
    succeeded: (address) => {
      const window = windows.get(networkOf(address));
      if (window !== undefined) window.count = Math.max(0, window.count - 1);
    },
  };
}

/** An IPv6 customer holds a /64: its addresses count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::", 2);
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
