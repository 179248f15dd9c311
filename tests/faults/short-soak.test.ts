import { expect, test } from "vitest";
import { soak } from "../long/soak.ts";
import { startWorld } from "../long/world.ts";

// The long one is in tests/long; this one shows that it still runs, and finds what breaks at once.

test("300 calls while everything is killed: none twice, none unanswered, none to the wrong caller", async () => {
  await using world = await startWorld({ people: 2, keysEach: 2 });
  const plan = { pause: [200, 1_000], relayShare: 0.15, appShare: 0.02 } as const;
  const report = await soak(world, { calls: 300, inFlight: 32, seed: Date.now() % 2 ** 31, plan, maxMs: 60_000 });
  expect(report.violations, JSON.stringify(report)).toEqual({
    executedTwice: [],
    unanswered: [],
    wrongCaller: [],
    untrue: [],
  });
}, 120_000);
