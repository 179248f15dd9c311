import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";

const FOLDER = join(ROOT, "tests", "artefacts", "long");

/** Writes a run's figures to tests/artefacts/long and prints them. */
export function keepReport(name: string, report: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const text = JSON.stringify(report, null, 2);
  writeFileSync(join(FOLDER, `${name}.json`), `${text}\n`);
  console.log(`${name}: ${text}`);
}
