import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildExtension } from "../relay/cli/bootstrap/build-extension.mjs";
import { ensureBrowser } from "../relay/cli/bootstrap/find-browser.mjs";
import { PNPM, installPackages } from "../relay/cli/bootstrap/install-packages.mjs";
import { runCommand } from "../relay/cli/bootstrap/run-command.mjs";
import { NODE, ROOT, SetUpError, say } from "../relay/cli/bootstrap/workspace.mjs";
import { countTests } from "./count-tests.mjs";

const REPORTS = join(ROOT, "tests", "artefacts", "reports");
const FIFTEEN_MINUTES = 900_000;

/** The last ones need the machine for themselves, so they run one after the other. */
const RUNS = [
  { name: "fast", projects: ["unit", "scenarios", "architecture"] },
  { name: "faults", projects: ["faults"] },
  { name: "conformance", projects: ["conformance"] },
  { name: "browser", projects: ["e2e"] },
];

let passed = 0;
let failed = 0;
try {
  await installPackages("test");
  await ensureBrowser();
  await buildExtension();
  if (!(await check())) failed += 1;
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  for (const { name, projects } of RUNS) {
    const counted = await runTests(name, projects);
    passed += counted.passed;
    failed += counted.failed;
  }
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  say(error.message);
  failed += 1;
}
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failed} failed\n`);

/** Format, lint, types, dead code: together they count as one failure when one of them fails. */
async function check() {
  const [command, args] = PNPM;
  const code = await runCommand(command, [...args, "run", "check"], { timeoutMs: FIFTEEN_MINUTES, stdout: "inherit" });
  if (code !== 0) say("`pnpm check` failed; it counts as one failed test.");
  return code === 0;
}

/**
 * @param {string} name
 * @param {readonly string[]} projects
 */
async function runTests(name, projects) {
  const report = join(REPORTS, `${name}.json`);
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const code = await runCommand(
    NODE,
    [
      vitest,
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { timeoutMs: FIFTEEN_MINUTES, stdout: "inherit" },
  );
  return countTests(readReport(report), code);
}

/**
 * @param {string} file
 * @returns {unknown}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
