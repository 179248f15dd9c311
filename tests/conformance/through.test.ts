import { beforeAll, expect, test } from "vitest";
import { startConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { compareWithExpected, readExpectedFailures } from "./expected-failures.ts";
import { startPublishedApp, type Home } from "./published-app.ts";
import { runSuite } from "./run-suite.ts";
import { SUITES } from "./suites.ts";

beforeAll(installClients, INSTALL_MS);

const WHERE: Record<Home, string> = { node: "the extension's core in Node", browser: "the extension in Chromium" };

for (const home of ["node", "browser"] as const) {
  test(`through ${WHERE[home]} the suites find what is expected and nothing else`, async () => {
    await using app = await startConformanceApp();
    await using published = await startPublishedApp(app.url, home);
    const expected = await readExpectedFailures();
    const found: string[] = [];
    for (const suite of SUITES) {
      const results = await runSuite(suite, published.url);
      const news = compareWithExpected(results, expected, { suite: suite.name, route: home });
      found.push(...news.map((line) => `${suite.name} ${line}`));
    }
    expect(found).toEqual([]);
  }, 600_000);
}
