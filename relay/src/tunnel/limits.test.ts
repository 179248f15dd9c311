import { expect, test } from "vitest";
import { createLanes } from "./lanes.ts";
import { createMessageRate } from "./message-rate.ts";
import { nestedTooDeep } from "./nested-too-deep.ts";

test("a lane starts what fits, queues what waits, refuses the rest, and vanishes when empty", () => {
  const lanes = createLanes<string>({ inFlight: 1, queued: 2 });
  expect(["a", "b", "c", "d"].map((entry) => lanes.enter("device", entry))).toEqual([
    "started",
    "queued",
    "queued",
    "full",
  ]);
  expect(lanes.allOf("device")).toEqual(["a", "b", "c"]);
  expect(lanes.leave("device", "b")).toBeNull();
  expect(lanes.leave("device", "a")).toBe("c");
  expect(lanes.of("device")).toEqual(["c"]);
  expect(lanes.leave("device", "c")).toBeNull();
  expect(lanes.devices()).toEqual([]);
  expect(lanes.leave("device", "c")).toBeNull();
});

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

const deep = (levels: number): unknown => JSON.parse(`${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`);

test("depth is counted without recursion", () => {
  expect(nestedTooDeep(deep(200))).toBe(false);
  expect(nestedTooDeep(deep(300))).toBe(true);
  expect(nestedTooDeep(deep(100_000))).toBe(true);
  expect(nestedTooDeep("text")).toBe(false);
});
