import { expect, test } from "vitest";
import { compareWithExpected, readExpectedFailures, type ExpectedFailure } from "./expected-failures.ts";
import type { ScenarioResult } from "./read-results.ts";

const place = { suite: "0.1.16", route: "node" } as const;

const result = (scenario: string, failed: number): ScenarioResult => ({
  scenario,
  passed: 1,
  failed,
  failures: Array.from({ length: failed }, () => ({ check: "a-check", message: "It was not met." })),
  warnings: [],
});

const line = (scenario: string, failed: number): ExpectedFailure => ({
  suite: "0.1.16",
  scenario,
  failed,
  routes: ["node"],
  reason: "The baseline cannot do it either.",
});

test("a failure that no line expects is news, with its words", () => {
  expect(compareWithExpected([result("ping", 1), result("tools-list", 0)], [], place)).toEqual([
    "ping: 1 failed, 0 expected\n  a-check: It was not met.",
  ]);
});

test("an expected failure is quiet only as long as it is exactly that", () => {
  const expected = [line("ping", 2)];
  expect(compareWithExpected([result("ping", 2)], expected, place)).toEqual([]);
  expect(compareWithExpected([result("ping", 0)], expected, place)).toEqual(["ping: 0 failed, 2 expected"]);
  expect(compareWithExpected([], expected, place)).toEqual(["ping: did not run"]);
});

test("a line is for its own suite and route", () => {
  const expected: ExpectedFailure[] = [{ ...line("ping", 1), routes: ["direct"] }];
  expect(compareWithExpected([result("ping", 1)], expected, place)).toHaveLength(1);
});

test("every line of the file has a suite, a number and a reason", async () => {
  const expected = await readExpectedFailures();
  const keys = expected.flatMap(({ suite, scenario, routes }) =>
    routes.map((route) => `${suite} ${scenario} ${route}`),
  );
  expect(keys).toEqual([...new Set(keys)]);
});
