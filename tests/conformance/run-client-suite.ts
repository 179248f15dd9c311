import { fileURLToPath } from "node:url";
import { NODE } from "../../relay/cli/bootstrap/workspace.mjs";
import { startClient } from "../support/installed-clients.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { ClientSuite } from "./client-suites.ts";
import { readOnlyResult, type ScenarioResult } from "./read-results.ts";

const SCENARIO_MS = 60_000;
/**
 * The suite splits it at blanks and gives the pieces to a shell. Without `exec` it would end only that shell when a
 * client takes too long, wait for the client still, and be ended itself before it has written any results.
 */
export const programCommand = (file: string): string =>
  `exec "${NODE}" "${fileURLToPath(new URL(file, import.meta.url))}"`;

const CORE = programCommand("core-client.ts");

/** Scenarios mostly wait, so a few go side by side; all at once, as the suite itself does, they starve a small machine. */
const AT_ONCE = 3;

/** In the order of the suite's list. */
export async function runClientSuite(suite: ClientSuite, command = CORE, atOnce = AT_ONCE): Promise<ScenarioResult[]> {
  const results = new Map<string, ScenarioResult>();
  const left = [...suite.scenarios];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      results.set(next, await runScenario(next, suite, command));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return suite.scenarios.flatMap((scenario) => results.get(scenario) ?? []);
}

async function runScenario(
  scenario: string,
  { program, revision }: ClientSuite,
  command: string,
): Promise<ScenarioResult> {
  await using folder = await temporaryFolder();
  const wire = revision === null ? [] : ["--spec-version", revision];
  const args = [program, "client", "--command", command, "--scenario", scenario, ...wire, "--output-dir", folder.path];
  await using running = await startClient(args, { timeoutMs: SCENARIO_MS });
  // It ends with 1 when anything failed, which the results say better.
  await running.ended.catch(() => undefined);
  // Awaited here: the folder goes with this function.
  return await readOnlyResult(scenario, folder.path, running.printed());
}
