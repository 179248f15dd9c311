import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NODE, ROOT, SetUpError, hashOf, say } from "./workspace.mjs";
import { runCommand } from "./run-command.mjs";

const MANIFESTS = [
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "package.json",
  ...["shared", "relay", "relay/cli", "extension", "tests"].map((folder) => `${folder}/package.json`),
];
const STAMPS = join(ROOT, "node_modules", ".agent-personas");
const QUIETLY = ["--config.confirmModulesPurge=false", "--reporter=append-only"];
/** What the product runs and is built with are dependencies; what checks and tests need are devDependencies. */
const PRODUCT_ONLY = ["--prod", "--filter", "agent-personas...", "--filter", "@agent-personas/extension..."];
const TEN_MINUTES = 600_000;

/** How pnpm is run without being installed; `npm` itself is told to speak only of errors. */
export const PNPM = /** @type {const} */ (["npx", ["--loglevel=error", "-y", "pnpm@12"]]);

/**
 * Brings node_modules in line with the lockfile: for `start` only what the product needs, for `test` everything.
 * @param {"start" | "test"} purpose
 */
export async function installPackages(purpose) {
  const wanted = hashOf(MANIFESTS);
  if (isInstalled(purpose, wanted)) return;
  // Who has the packages for checks and tests keeps them: a smaller installation would take them away.
  const everything = purpose === "test" || hasTestPackages();
  say(everything ? "Installing packages for the product and its tests…" : "Installing packages…");
  const [command, args] = PNPM;
  const code = await runCommand(
    command,
    [...args, "install", "--frozen-lockfile", ...QUIETLY, ...(everything ? [] : PRODUCT_ONLY)],
    { timeoutMs: TEN_MINUTES },
  );
  if (code !== 0) {
    throw new SetUpError("The packages could not be installed. Check the network connection and the lines above.");
  }
  if (!existsSync(NODE)) throw new SetUpError("Node 24 is missing although the packages were installed.");
  const stamp = join(STAMPS, `${everything ? "test" : "start"}.sha256`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {"start" | "test"} purpose
 * @param {string} wanted
 */
function isInstalled(purpose, wanted) {
  if (!existsSync(NODE) || !existsSync(join(ROOT, "extension", "node_modules", "wxt"))) return false;
  if (hasTestPackages()) return isStamped("test", wanted) || isInstalledByHand();
  return purpose === "start" && isStamped("start", wanted);
}

function hasTestPackages() {
  return existsSync(join(ROOT, "node_modules", "vitest")) && existsSync(join(ROOT, "tests", "node_modules", "zod"));
}

/**
 * @param {string} name
 * @param {string} wanted
 */
function isStamped(name, wanted) {
  const stamp = join(STAMPS, `${name}.sha256`);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

/** pnpm keeps the lockfile of what it has installed in full. */
function isInstalledByHand() {
  const installed = join(ROOT, "node_modules", ".pnpm", "lock.yaml");
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(ROOT, "pnpm-lock.yaml")));
}
