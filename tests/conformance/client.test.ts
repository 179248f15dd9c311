import { beforeAll, expect, test } from "vitest";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { CLIENT_SUITES } from "./client-suites.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { runClientSuite } from "./run-client-suite.ts";

beforeAll(installClients, INSTALL_MS);

for (const suite of CLIENT_SUITES) {
  test(`as a ${suite.name} the extension's core fails nothing that is not expected`, async () => {
    const results = await runClientSuite(suite);
    expect(results).toHaveLength(suite.scenarios.length);
    const expected = await readExpectedFailures();
    expect(compareWithExpected(results, expected, { suite: suite.name, route: "client" })).toEqual([]);
  }, 600_000);
}
