import { expect, test } from "vitest";
import { keepReport } from "./keep-report.ts";
import { soak } from "./soak.ts";
import { startWorld } from "./world.ts";

test("20,000 calls while everything is killed: none twice, none unanswered, none to the wrong caller", async () => {
  await using world = await startWorld({ people: 4, keysEach: 2 });
  const plan = { pause: [300, 1_500], relayShare: 0.12, appShare: 0.02 } as const;
  const report = await soak(world, { calls: 20_000, inFlight: 32, seed: Date.now() % 2 ** 31, plan, maxMs: 1_200_000 });
  keepReport("soak", report);
  expect(report.violations).toEqual({ executedTwice: [], unanswered: [], wrongCaller: [], untrue: [] });
  expect(report.calls).toBe(20_000);
}, 1_500_000);
