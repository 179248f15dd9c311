import { expect, test } from "vitest";
import { createMessageRate } from "./message-rate.ts";

test("a rate lets a burst through and then only what comes back with time", () => {
  let now = 0;
  const rate = createMessageRate({ perSecond: 10, burst: 2 }, () => now);
  expect([rate.take(), rate.take(), rate.take()]).toEqual([true, true, false]);
  now = 100;
  expect([rate.take(), rate.take()]).toEqual([true, false]);
  rate.giveBack();
  expect(rate.take()).toBe(true);
  now = 60_000;
  expect([rate.take(), rate.take(), rate.take()]).toEqual([true, true, false]);
});
