import { fileURLToPath } from "node:url";
import { NODE } from "../../relay/cli/bootstrap/workspace.mjs";
import { CONFORMANCE, startClient } from "../support/installed-clients.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { ClientSuite } from "./client-suites.ts";
import { readOnlyResult, type ScenarioResult } from "./read-results.ts";

const SCENARIO_MS = 60_000;
/** The suite splits it at blanks and gives the pieces to a shell. */
export const programCommand = (file: string): string => `"${NODE}" "${fileURLToPath(new URL(file, import.meta.url))}"`;

const CORE = programCommand("core-client.ts");

/** Runs the scenarios one after the other: all at once, as the suite itself does, they starve a small machine. */
export async function runClientSuite(
  { revision, scenarios }: Pick<ClientSuite, "revision" | "scenarios">,
  command = CORE,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) results.push(await runScenario(scenario, revision, command));
  return results;
}

/** A suite that wrote no results is run once more: seen twice beside other suites, never alone; the cause is not known. */
async function runScenario(scenario: string, revision: string, command: string): Promise<ScenarioResult> {
  const first = await tryScenario(scenario, revision, command).catch(() => null);
  return first ?? tryScenario(scenario, revision, command);
}

async function tryScenario(scenario: string, revision: string, command: string): Promise<ScenarioResult> {
  await using folder = await temporaryFolder();
  const which = ["--scenario", scenario, "--spec-version", revision];
  const args = [CONFORMANCE, "client", "--command", command, ...which, "--output-dir", folder.path];
  await using running = await startClient(args, { timeoutMs: SCENARIO_MS });
  // It ends with 1 when anything failed, which the results say better.
  const ended = await running.ended.catch((error: unknown) => error);
  return readOnlyResult(scenario, folder.path, ended);
}
