import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { createMonthlyCounters } from "./monthly-counters.ts";

const ELEVEN_MINUTES = 11 * 60_000;
const CALL = { calls: 1, millicents: 5 };

let owner: Owner;
let clock: { now: number };

beforeEach(async () => {
  owner = await createOwner();
  clock = { now: Date.parse("2026-11-20T12:00:00Z") };
});
afterEach(() => owner.store.close());

const start = () => createMonthlyCounters({ store: owner.store, now: () => clock.now });

test("a counter that nobody asks for leaves the memory, and comes back as it was", async () => {
  const counters = start();
  const counter = await counters.get("someone");
  counter.reserve(CALL);
  counter.settle(CALL, true);
  await counters.get("somebody-else");
  await counters.flush();
  expect(counters.size()).toBe(2);
  clock.now += ELEVEN_MINUTES;
  await counters.get("somebody-else");
  await counters.flush();
  expect(counters.size()).toBe(1);
  expect((await counters.get("someone")).used).toEqual(CALL);
});

test("a counter of a call that runs stays, however long that takes", async () => {
  const counters = start();
  (await counters.get("someone")).reserve(CALL);
  clock.now += ELEVEN_MINUTES;
  await counters.flush();
  const counter = await counters.get("someone");
  expect(counter.reserved).toEqual(CALL);
  counter.settle(CALL, false);
  clock.now += ELEVEN_MINUTES;
  await counters.flush();
  expect(counters.size()).toBe(0);
});
