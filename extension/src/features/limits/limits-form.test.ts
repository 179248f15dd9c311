import { NO_BUDGET, type LimitSettings } from "@agent-personas/shared/api/limits";
import { expect, test } from "vitest";
import { formOfLimits, readLimits } from "./limits-form.ts";

const relay: LimitSettings = { requestsPerMinute: 60, budget: { calls: 1_000, cents: 5_000 } };
const open: LimitSettings = { requestsPerMinute: null, budget: NO_BUDGET };
const problems = (rate: string, calls = "", dollars = "", cap = relay) =>
  readLimits({ rate, budget: { calls, dollars } }, cap).problems;

test("limits survive being typed", () => {
  const limits = { requestsPerMinute: 20, budget: { calls: 200, cents: 1_050 } };
  expect(readLimits(formOfLimits(limits), relay)).toEqual({ limits, problems: [] });
  expect(readLimits(formOfLimits(open), relay)).toEqual({ limits: open, problems: [] });
});

test("takes no rate of nothing, since a persona is paused elsewhere", () => {
  expect(problems("0")).toEqual(["rate"]);
  expect(problems("fast")).toEqual(["rate"]);
  expect(problems("60")).toEqual([]);
});

test("nobody gets beyond the relay's own numbers", () => {
  expect(problems("61", "1001", "50.01")).toEqual(["rateAboveRelay", "callsAboveRelay", "dollarsAboveRelay"]);
  expect(problems("61", "1001", "50.01", open)).toEqual([]);
});
