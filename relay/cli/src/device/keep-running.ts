import { setTimeout as delay } from "node:timers/promises";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** A life of this length was a good one: the next begins soon after it. Milliseconds. */
const GOOD_LIFE_MS = 5 * 60_000;

/**
 * Runs one life after the other until `signal` is aborted, waiting longer the shorter they are.
 * @throws what `isFinal` says of what a life threw
 */
export async function keepRunning(
  life: () => Promise<string>,
  options: {
    isFinal: (error: unknown) => boolean;
    say: (line: string) => void;
    signal: AbortSignal;
    now: () => number;
    pause?: (ms: number) => Promise<unknown>;
  },
): Promise<void> {
  const { signal, now, say } = options;
  const pause = options.pause ?? ((ms) => delay(ms, undefined, { signal }).catch(() => undefined));
  let wait = FIRST_MS;
  while (!signal.aborted) {
    const begunAt = now();
    const reason = await life().catch((error: unknown) => {
      if (options.isFinal(error)) throw error;
      return error instanceof Error ? error.message : String(error);
    });
    if (signal.aborted) return;
    if (now() - begunAt >= GOOD_LIFE_MS) wait = FIRST_MS;
    say(`${reason} Starting again in ${wait / 1_000} s.`);
    await pause(wait);
    wait = Math.min(wait * 2, LONGEST_MS);
  }
}
