import { beforeAll, expect, test } from "vitest";
import { startConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { sumOf } from "./read-results.ts";
import { runSuite } from "./run-suite.ts";
import { SUITES } from "./suites.ts";

/** What the SDK's own example server reaches, measured. */
const PASSED: Record<string, number> = { "0.1.16": 44, "2025-11-25": 84, "2026-07-28": 164 };

beforeAll(installClients, INSTALL_MS);

for (const suite of SUITES) {
  test(`the app itself passes everything that ${suite.name} requires`, async () => {
    await using app = await startConformanceApp();
    const results = await runSuite(suite, app.url);
    const expected = await readExpectedFailures();
    expect(compareWithExpected(results, expected, { suite: suite.name, route: "direct" })).toEqual([]);
    expect(sumOf(results).passed).toBe(PASSED[suite.name]);
  });
}
