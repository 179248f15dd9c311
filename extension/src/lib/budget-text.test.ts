import { expect, test } from "vitest";
import { NO_BUDGET_TEXT, readBudget, textOfBudget } from "./budget-text.ts";

test("a budget survives being typed", () => {
  for (const budget of [
    { calls: null, cents: null },
    { calls: 0, cents: 1_250 },
    { calls: 2_000, cents: 1_000 },
  ]) {
    expect(readBudget(textOfBudget(budget))).toEqual({ budget, problems: [] });
  }
  expect(textOfBudget({ calls: 2, cents: 1_250 })).toEqual({ calls: "2", dollars: "12.50" });
});

test("empty is no limit, and nothing is lost to rounding", () => {
  expect(readBudget(NO_BUDGET_TEXT).budget).toEqual({ calls: null, cents: null });
  expect(readBudget({ calls: "", dollars: "19.99" }).budget.cents).toBe(1_999);
});

test("names what is no number and what is beyond every budget", () => {
  expect(readBudget({ calls: "many", dollars: "1.234" }).problems).toEqual(["calls", "dollars"]);
  expect(readBudget({ calls: "100000001", dollars: "1000000.01" }).problems).toEqual(["calls", "dollars"]);
  expect(readBudget({ calls: "100000000", dollars: "1000000" }).problems).toEqual([]);
});
