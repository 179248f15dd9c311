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
  say(purpose === "start" ? "Installing packages…" : "Installing packages for the product and its tests…");
  const filters =
    purpose === "start" ? ["--filter", "agent-personas...", "--filter", "@agent-personas/extension..."] : [];
  const [command, args] = PNPM;
  const code = await runCommand(
    command,
    [
      ...args,
      "install",
      "--frozen-lockfile",
      "--config.confirmModulesPurge=false",
      "--reporter=append-only",
      ...filters,
    ],
    { timeoutMs: TEN_MINUTES },
  );
  if (code !== 0) {
    throw new SetUpError("The packages could not be installed. Check the network connection and the lines above.");
  }
  if (!existsSync(NODE)) throw new SetUpError("Node 24 is missing although the packages were installed.");
  const stamp = join(STAMPS, `${purpose}.sha256`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {"start" | "test"} purpose
 * @param {string} wanted
 */
function isInstalled(purpose, wanted) {
  const needed = [NODE, join(ROOT, "extension", "node_modules", "wxt")];
  if (purpose === "test") needed.push(join(ROOT, "node_modules", "vitest"), join(ROOT, "tests", "node_modules"));
  if (!needed.every((path) => existsSync(path))) return false;
  const stamps = purpose === "start" ? ["start", "test"] : ["test"];
  return stamps.some((name) => {
    const stamp = join(STAMPS, `${name}.sha256`);
    return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  });
}
