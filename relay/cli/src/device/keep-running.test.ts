import { expect, test } from "vitest";
import { keepRunning } from "./keep-running.ts";

function lives(lengths: readonly number[], end: AbortController) {
  const clock = { now: 0 };
  const pauses: number[] = [];
  const left = [...lengths];
  const life = (): Promise<string> => {
    clock.now += left.shift() ?? 0;
    if (left.length === 0) end.abort();
    return Promise.resolve("It ended.");
  };
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  return { life, pauses, options: { say: () => undefined, signal: end.signal, now: () => clock.now, pause } };
}

test("waits longer after each short life, at most a minute, and not after a long one", async () => {
  const { life, pauses, options } = lives([10, 10, 10, 10, 10, 10, 10, 10, 400_000, 10, 10], new AbortController());
  await keepRunning(life, { ...options, isFinal: () => false });
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 1_000, 2_000]);
});

test("a life that throws is followed by another, unless the fault is final", async () => {
  const { options, pauses } = lives([1], new AbortController());
  let begun = 0;
  const life = (): Promise<string> => {
    begun += 1;
    return Promise.reject(new Error(begun < 3 ? "passing" : "final"));
  };
  await expect(keepRunning(life, { ...options, isFinal: (error) => String(error) === "Error: final" })).rejects.toThrow(
    "final",
  );
  expect(pauses).toEqual([1_000, 2_000]);
});
