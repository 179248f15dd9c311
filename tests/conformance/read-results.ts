import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const checksSchema = z.array(
  z.looseObject({
    id: z.string(),
    status: z.string(),
    description: z.string().optional(),
    errorMessage: z.string().optional(),
  }),
);

export type Finding = { check: string; message: string };

/** What one scenario found: numbers of checks, and the words of those that were not met. */
export type ScenarioResult = {
  scenario: string;
  passed: number;
  failed: number;
  failures: Finding[];
  /** What a specification says SHOULD be. */
  warnings: Finding[];
};

/** The suites write a folder for each scenario, named `server-<scenario>-<time>`. */
const FOLDER = /^server-(?<scenario>.+)-\d{4}-\d{2}-\d{2}T[\dZ-]+$/u;

export async function readResults(folder: string): Promise<ScenarioResult[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(names.map((name) => readScenario(folder, name)));
}

async function readScenario(folder: string, name: string): Promise<ScenarioResult> {
  const scenario = FOLDER.exec(name)?.groups?.["scenario"];
  if (scenario === undefined) throw new Error(`The suite wrote something unknown: ${name}`);
  return countChecks(scenario, join(folder, name, "checks.json"));
}

/**
 * The client suites write a folder for each scenario, with a slash where its name has one; here into one that is there
 * for this scenario only. `printed` is what the suite said, for whoever has to find out why it wrote nothing.
 */
export async function readOnlyResult(scenario: string, folder: string, printed: string): Promise<ScenarioResult> {
  const parent = join(folder, dirname(scenario));
  const [name] = await readdir(parent).catch(() => []);
  if (name === undefined) throw new Error(`The suite wrote no results for ${scenario}: ${printed}`);
  return countChecks(scenario, join(parent, name, "checks.json"));
}

async function countChecks(scenario: string, file: string): Promise<ScenarioResult> {
  const checks = checksSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const found = (status: string): Finding[] =>
    checks
      .filter((check) => check.status === status)
      .map(({ id, description = "", errorMessage = description }) => ({ check: id, message: errorMessage }));
  const failures = found("FAILURE");
  const passed = found("SUCCESS").length;
  return { scenario, passed, failed: failures.length, failures, warnings: found("WARNING") };
}

export const sumOf = (results: readonly ScenarioResult[]): { passed: number; failed: number } => ({
  passed: results.reduce((sum, { passed }) => sum + passed, 0),
  failed: results.reduce((sum, { failed }) => sum + failed, 0),
});
