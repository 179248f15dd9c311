import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ScenarioResult } from "./read-results.ts";

/**
 * What a suite judges: the app itself; the endpoint in front of it, with the extension in Node or in Chromium; or the
 * extension's core as a client of the suite's own servers.
 */
export const routeSchema = z.enum(["direct", "node", "browser", "client"]);
export type Route = z.infer<typeof routeSchema>;

const expectedSchema = z.strictObject({
  suite: z.string(),
  scenario: z.string(),
  /** How many of its checks fail: one more or one less is news. */
  failed: z.int().min(1),
  routes: z.array(routeSchema).min(1),
  reason: z.string().min(20),
});
export type ExpectedFailure = z.infer<typeof expectedSchema>;

const FILE = new URL("expected-failures.json", import.meta.url);

export async function readExpectedFailures(): Promise<ExpectedFailure[]> {
  return z.array(expectedSchema).parse(JSON.parse(await readFile(FILE, "utf8")));
}

/** What is not as expected, a line each: failures that nobody expected, and expectations that no longer hold. */
export function compareWithExpected(
  results: readonly ScenarioResult[],
  expected: readonly ExpectedFailure[],
  { suite, route }: { suite: string; route: Route },
): string[] {
  const here = expected.filter((each) => each.suite === suite && each.routes.includes(route));
  const allowed = new Map(here.map(({ scenario, failed }) => [scenario, failed]));
  const wrong = results
    .filter(({ scenario, failed }) => failed !== (allowed.get(scenario) ?? 0))
    .map(
      ({ scenario, failed, failures }) =>
        `${scenario}: ${failed} failed, ${allowed.get(scenario) ?? 0} expected${failures.map(words).join("")}`,
    );
  const ran = new Set(results.map(({ scenario }) => scenario));
  const gone = here.filter(({ scenario }) => !ran.has(scenario)).map(({ scenario }) => `${scenario}: did not run`);
  return [...wrong, ...gone];
}

const words = ({ check, message }: { check: string; message: string }): string => `\n  ${check}: ${message}`;
