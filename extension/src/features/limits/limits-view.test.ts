import { NO_BUDGET, type LimitsOverview } from "@agent-personas/shared/api/limits";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import {
  budgetLines,
  effectiveRate,
  levelOf,
  limitWarnings,
  listPersonaLimits,
  personaLimits,
  usageOfKeys,
} from "./limits-view.ts";

const [first, second] = [createId("persona"), createId("persona")];
const [keyId, otherKeyId] = [createId("key"), createId("key")];
const overview: LimitsOverview = {
  relay: { requestsPerMinute: 60, budget: { calls: 1_000, cents: null } },
  resetsAt: 1,
  person: { requestsPerMinute: null, budget: { calls: 2_000, cents: 500 }, usage: { calls: 900, cents: 100 } },
  personas: [
    {
      personaId: first,
      requestsPerMinute: 10,
      budget: { calls: 10, cents: null },
      usage: { calls: 10, cents: 2.5 },
    },
  ],
  keys: [
    { keyId, personaId: first, budget: { calls: 10, cents: null }, usage: { calls: 8, cents: 0 } },
    { keyId: otherKeyId, personaId: second, budget: { calls: 10, cents: null }, usage: { calls: 1, cents: 0 } },
  ],
};

test("the person's lines are held by the relay where it is tighter", () => {
  const lines = budgetLines(overview.person.usage, overview.person.budget, overview.relay.budget);
  expect(lines.calls).toMatchObject({ used: 900, limit: 1_000, byRelay: true, level: "near" });
  expect(lines.cents).toMatchObject({ used: 100, limit: 500, byRelay: false, level: "fine" });
  expect(levelOf(lines)).toBe("near");
});

test("every persona is listed by name, also one that the relay does not name", () => {
  const rows = listPersonaLimits(overview, [
    { personaId: first, name: "Support" },
    { personaId: second, name: "Release bot" },
  ]);
  expect(rows.map(({ name, level }) => [name, level])).toEqual([
    ["Release bot", "fine"],
    ["Support", "over"],
  ]);
  expect(rows[0]?.settings).toEqual({ requestsPerMinute: null, budget: NO_BUDGET });
});

test("a persona names its keys with a budget and the worst of them", () => {
  expect(personaLimits(overview, { personaId: first, name: "Support" }).keys).toEqual({ count: 1, level: "near" });
  expect(usageOfKeys(overview).get(keyId)).toEqual({ calls: 8, cents: 0 });
  expect(usageOfKeys(null).size).toBe(0);
});

test("a persona's page is told of every budget that is nearly or quite used up, the worst first", () => {
  expect(limitWarnings(overview, first)).toEqual([
    { whose: "persona", level: "over" },
    { whose: "person", level: "near" },
    { whose: "keys", level: "near" },
  ]);
  expect(limitWarnings(overview, second)).toEqual([{ whose: "person", level: "near" }]);
});

const rate = (own: number | null, relay: number | null) =>
  effectiveRate({
    ...overview,
    person: { ...overview.person, requestsPerMinute: own },
    relay: { ...overview.relay, requestsPerMinute: relay },
  });

test("the lower of two rates holds", () => {
  expect([rate(null, 60), rate(20, 60), rate(90, 60), rate(90, null), rate(null, null)]).toEqual([
    60,
    20,
    60,
    90,
    null,
  ]);
});
