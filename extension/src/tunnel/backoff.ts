const BASE_MS = 500;
const CAP_MS = 30_000;

/** Milliseconds before attempt `attempt` (from 0): evenly drawn below a bound that doubles from 0.5 s to 30 s. */
export function backoff(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10)));
}
