import { round, spread, type Spread } from "./spread.ts";

export type Way = () => Promise<unknown>;
/** Milliseconds, and calls a second of the same time. */
export type Measured = Spread & { perSecond: number };

/**
 * Measures several ways in turns of a few hundred milliseconds, so that all of them see the same machine.
 * `atOnce` requests are in flight in each turn.
 */
export async function compare<Name extends string>(
  ways: Record<Name, Way>,
  options: { count: number; atOnce: number; warmUp?: number },
): Promise<Record<Name, Measured>> {
  const { count, atOnce, warmUp = 100 } = options;
  const names = Object.keys(ways) as Name[];
  const taken = new Map(names.map((name) => [name, { times: [] as number[], busyMs: 0 }]));
  const turn = Math.max(atOnce * 4, 50);
  for (const name of names) await run(ways[name], warmUp, atOnce);
  for (let done = 0; done < count; done += turn) {
    for (const name of names) {
      const begun = performance.now();
      const times = await run(ways[name], turn, atOnce);
      const all = taken.get(name);
      if (all === undefined) continue;
      all.busyMs += performance.now() - begun;
      all.times.push(...times);
    }
  }
  const measured = [...taken].map(([name, { times, busyMs }]) => [
    name,
    { ...spread(times), perSecond: round((times.length / busyMs) * 1_000) },
  ]);
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

async function run(way: Way, count: number, atOnce: number): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      const begun = performance.now();
      await way();
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}
