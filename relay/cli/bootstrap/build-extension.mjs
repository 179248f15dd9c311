import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NODE, ROOT, SetUpError, hashOf, say } from "./workspace.mjs";
import { runCommand } from "./run-command.mjs";

/** Where the extension lies, ready to be loaded. */
export const EXTENSION_FOLDER = join(ROOT, "extension", ".output", "chrome-mv3");

const STAMP = join(ROOT, "extension", ".output", "chrome-mv3.sha256");
const SOURCES = ["extension", "shared/src", "tsconfig.base.json", "pnpm-lock.yaml"];

/** Builds the extension unless what lies there was built from the same sources. */
export async function buildExtension() {
  const wanted = hashOf(SOURCES);
  const built = existsSync(join(EXTENSION_FOLDER, "manifest.json")) && existsSync(STAMP);
  if (built && readFileSync(STAMP, "utf8") === wanted) return;
  say("Building the extension…");
  const folder = join(ROOT, "extension");
  const code = await runCommand(NODE, [join(folder, "node_modules", "wxt", "bin", "wxt.mjs"), "build"], {
    cwd: folder,
    // Without a spinner, and what ships also when a test runner asks: it would else get React's development build.
    env: { ...process.env, CI: "1", NODE_ENV: "production" },
    timeoutMs: 300_000,
    quiet: true,
  });
  if (code !== 0) throw new SetUpError("The extension could not be built; the lines above say why.");
  writeFileSync(STAMP, wanted);
}
