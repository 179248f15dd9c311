import { beforeAll, expect, test } from "vitest";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { startPublishedApps, type Home } from "./published-app.ts";
import { sumOf } from "./read-results.ts";
import { runSuite } from "./run-suite.ts";
import { SUITES } from "./suites.ts";

beforeAll(installClients, INSTALL_MS);

/** As many as the app itself. */
const PASSED: Readonly<Record<string, number>> = { "0.1.16": 44, "2025-11-25": 84, "2026-07-28": 164 };

const WHERE: Record<Home, string> = { node: "the extension's core in Node", browser: "the extension in Chromium" };

for (const home of ["node", "browser"] as const) {
  test(`through ${WHERE[home]} the suites find what is expected and nothing else`, async () => {
    await using published = await startPublishedApps(home);
    const expected = await readExpectedFailures();
    const found: string[] = [];
    for (const suite of SUITES) {
      const results = await runSuite(suite, published.urlFor(suite));
      const { passed } = sumOf(results);
      if (passed < (PASSED[suite.name] ?? 0)) found.push(`${suite.name} only ${passed} passed`);
      const news = compareWithExpected(results, expected, { suite: suite.name, route: home });
      found.push(...news.map((line) => `${suite.name} ${line}`));
    }
    expect(found).toEqual([]);
  }, 600_000);
}
