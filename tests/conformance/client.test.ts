import { beforeAll, expect, test } from "vitest";
import { CONFORMANCE, INSTALL_MS, installClients, startClient } from "../support/installed-clients.ts";
import { listClientSuites, readList, type ClientSuite } from "./client-suites.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { readOnlyResult } from "./read-results.ts";
import { programCommand, runClientSuite } from "./run-client-suite.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What the pinned versions list, so that a list nobody could read is no list without failures. */
const SCENARIOS: Readonly<Record<string, number>> = {
  "client 0.1.16": 26,
  "client 2025-11-25": 19,
  "client 2026-07-28": 33,
  "client others": 12,
};

let suites: readonly ClientSuite[] = [];

beforeAll(async () => {
  await installClients();
  suites = await listClientSuites();
}, INSTALL_MS);

test("every scenario that the suites list is run, once in each revision that has it", () => {
  expect(Object.fromEntries(suites.map(({ name, scenarios }) => [name, scenarios.length]))).toEqual(SCENARIOS);
  for (const { scenarios } of suites) expect(scenarios).toEqual([...new Set(scenarios)]);
  const printed = "Client scenarios (test against a client):\n  - initialize [2025-11-25]\n  - auth/new\n";
  expect(readList(printed)).toEqual(["initialize", "auth/new"]);
});

test("a client that never ends is ended, and judged by what it did until then", async () => {
  await using folder = await temporaryFolder();
  const which = ["--scenario", "initialize", "--timeout", "1000", "--output-dir", folder.path];
  const args = [CONFORMANCE, "client", "--command", programCommand("endless-client.ts"), ...which];
  await using running = await startClient(args, { timeoutMs: 20_000 });
  await expect(running.ended).rejects.toThrow("CLIENT TIMED OUT");
  expect(await readOnlyResult("initialize", folder.path, running.printed())).toMatchObject({ passed: 0 });
});

for (const name of Object.keys(SCENARIOS)) {
  test(`as a ${name} the extension's core fails nothing that is not expected`, async () => {
    const suite = suites.find((each) => each.name === name);
    if (suite === undefined) throw new Error(`No suite is called ${name}.`);
    const results = await runClientSuite(suite);
    expect(results).toHaveLength(suite.scenarios.length);
    const expected = await readExpectedFailures();
    expect(compareWithExpected(results, expected, { suite: suite.name, route: "client" })).toEqual([]);
  }, 600_000);
}
