import { startConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { installClients } from "../support/installed-clients.ts";
import { listClientSuites } from "./client-suites.ts";
import { routeSchema, type Route } from "./expected-failures.ts";
import { sumOf, type ScenarioResult } from "./read-results.ts";
import { startPublishedApps } from "./published-app.ts";
import { runClientSuite } from "./run-client-suite.ts";
import { runSuite } from "./run-suite.ts";
import { SUITES } from "./suites.ts";

// Prints what each suite finds: `node tests/conformance/report.ts [direct] [node] [browser] [client]`.
const asked = process.argv.slice(2).map((name) => routeSchema.parse(name));
const routes: readonly Route[] = asked.length === 0 ? routeSchema.options : asked;

await installClients();
await using app = await startConformanceApp();
for (const route of routes) {
  if (route === "client") {
    for (const suite of await listClientSuites()) print(suite.name, await runClientSuite(suite));
    continue;
  }
  await using published = route === "direct" ? null : await startPublishedApps(route);
  for (const suite of SUITES)
    print(`${suite.name} ${route}`, await runSuite(suite, published?.urlFor(suite) ?? app.url));
}

function print(title: string, results: readonly ScenarioResult[]): void {
  const { passed, failed } = sumOf(results);
  const scenarios = results.filter((result) => result.failed > 0);
  console.log(`\n${title}: ${passed} passed, ${failed} failed, in ${scenarios.length} of ${results.length} scenarios`);
  for (const { scenario, failures, passed: met } of scenarios) {
    console.log(`  ${scenario}: ${met} passed, ${failures.length} failed`);
    for (const { check, message } of failures) console.log(`    ${check}: ${message.slice(0, 300)}`);
  }
  for (const { scenario, warnings } of results) {
    for (const { check, message } of warnings) console.log(`  warning, ${scenario} ${check}: ${message.slice(0, 200)}`);
  }
}
