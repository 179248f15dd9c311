import { expect, test } from "vitest";
import { keepReport } from "./keep-report.ts";
import { soak } from "./soak.ts";
import { startWorld } from "./world.ts";

test("50 people with 4 keys each, two minutes of faults: every answer carries its own marker", async () => {
  await using world = await startWorld({ people: 50, keysEach: 4 });
  expect(world.keys).toHaveLength(200);
  const plan = { pause: [300, 1_500], relayShare: 0.05, appShare: 0.02 } as const;
  const seed = Date.now() % 2 ** 31;
  // One caller a key, so that all 200 are at it all the time.
  const report = await soak(world, { calls: 1_000_000, inFlight: 200, seed, plan, maxMs: 120_000 });
  keepReport("isolation", report);
  expect(report.violations).toEqual({ executedTwice: [], unanswered: [], wrongCaller: [], untrue: [] });
  expect(report.calls).toBeGreaterThan(1_000);
}, 900_000);
