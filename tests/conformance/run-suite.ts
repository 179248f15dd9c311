import { startClient } from "../support/installed-clients.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { readResults, type ScenarioResult } from "./read-results.ts";
import type { Suite } from "./suites.ts";

const RUN_MS = 300_000;

/** Runs a suite, or one scenario of it, against a server and answers what each scenario found. */
export async function runSuite(
  { program, args }: Suite,
  url: string,
  options: { scenario?: string } = {},
): Promise<ScenarioResult[]> {
  await using results = await temporaryFolder();
  const which = options.scenario === undefined ? args : ["--scenario", options.scenario];
  await using running = await startClient([program, "server", "--url", url, ...which, "--output-dir", results.path], {
    timeoutMs: RUN_MS,
  });
  // It ends with 1 when anything failed, which the results say better.
  const ended = await running.ended.then(
    () => null,
    (error: unknown) => error,
  );
  const scenarios = await readResults(results.path);
  if (scenarios.length === 0) throw new Error("The suite wrote no results.", { cause: ended });
  return scenarios;
}
