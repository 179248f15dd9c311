import { expect, test } from "vitest";
import { createLanes } from "./lanes.ts";

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
