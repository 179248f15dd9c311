import { beforeAll, expect, test } from "vitest";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { startBrowserClient } from "./browser-client.ts";
import { BROWSER_SUITES } from "./client-suites.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { runClientSuite } from "./run-client-suite.ts";

beforeAll(installClients, INSTALL_MS);

test("as the suites' client the extension in Chromium fails nothing that is not expected", async () => {
  await using client = await startBrowserClient();
  const expected = await readExpectedFailures();
  const found: string[] = [];
  for (const suite of BROWSER_SUITES) {
    const results = await runClientSuite(suite, client.command, 1);
    expect(results).toHaveLength(suite.scenarios.length);
    found.push(...compareWithExpected(results, expected, { suite: suite.name, route: "client" }));
  }
  expect(found).toEqual([]);
}, 600_000);
