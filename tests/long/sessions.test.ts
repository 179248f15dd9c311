import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { startRawDevices } from "../support/raw-devices.ts";
import { keepReport } from "./keep-report.ts";
import { measureSessions } from "./measure-sessions.ts";
import { sessionsAt, times } from "./open-sessions.ts";

const MIB = 1_024 * 1_024;

test("10,000 idle sessions take at most 50 KB of heap each, with their streams open, too", async () => {
  const cost = await measureSessions(10_000);
  keepReport("sessions", cost);
  expect(cost.idle).toBeLessThan(50);
  expect(cost.listening).toBeLessThan(50);
  // Nothing of the streams is left once they are closed.
  expect(cost.afterwards).toBeLessThan(5);
}, 900_000);

test("100,000 sessions opened and ended leave the heap as it was", async () => {
  await using world = await startRawDevices(1, {});
  const [person] = world.people;
  if (person === undefined) throw new Error("There is nobody.");
  using sessions = sessionsAt(person.endpoint);
  const heaps: number[] = [];
  for (let part = 0; part <= 10; part += 1) {
    await times(10_000, 16, async (number) => {
      const id = await sessions.open();
      // Some clients never say goodbye; the cap ends those that were used least.
      if (number % 10 !== 0) await sessions.end(id);
    });
    await delay(7_000);
    heaps.push(Math.round(((await world.relay.heap()).heapUsed / MIB) * 10) / 10);
  }
  keepReport("churn", { sessions: 110_000, heapsMiB: heaps });
  // The first ten thousand warm caches and the compiler up.
  const [first = 0] = heaps.slice(1);
  expect(Math.abs((heaps.at(-1) ?? 0) - first)).toBeLessThan(10);
}, 1_800_000);
