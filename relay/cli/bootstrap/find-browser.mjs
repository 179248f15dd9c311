import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { SetUpError, say } from "./workspace.mjs";
import { runCommand } from "./run-command.mjs";

const FIVE_MINUTES = 300_000;

/**
 * The browser to use, first of: `CHROME_PATH`, Chromium, Chrome for Testing, Chrome, Edge.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null}
 */
export function findBrowser(env = process.env) {
  const named = env["CHROME_PATH"];
  if (named !== undefined && named !== "") {
    if (!isExecutable(named)) throw new SetUpError(`CHROME_PATH names ${named}, which is not a program.`);
    return named;
  }
  return candidates(env).find(isExecutable) ?? null;
}

/** As `findBrowser`, after installing one where this machine allows it. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found !== null) return found;
  if (isDebianRoot()) {
    say("Installing Chromium…");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await runCommand("apt-get", ["update", "-q"], { env, timeoutMs: FIVE_MINUTES });
    await runCommand("apt-get", ["install", "-q", "-y", "chromium"], { env, timeoutMs: FIVE_MINUTES });
    const installed = findBrowser();
    if (installed !== null) return installed;
  }
  throw new SetUpError(missingBrowserText());
}

/** What to install, for this system. */
export function missingBrowserText() {
  const how =
    process.platform === "darwin"
      ? "brew install --cask chromium"
      : process.platform === "win32"
        ? "winget install Google.Chrome"
        : "sudo apt-get install chromium   (or your system's Chromium or Google Chrome package)";
  return `No Chromium-family browser was found. Install Chromium, Google Chrome or Microsoft Edge, for example: ${how} — or set CHROME_PATH to one.`;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function candidates(env) {
  const onPath = (/** @type {string[]} */ ...names) =>
    names.flatMap((name) =>
      (env["PATH"] ?? "")
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name)),
    );
  if (process.platform === "darwin") {
    return [macApp("Chromium"), ...chromeForTesting(), macApp("Google Chrome"), macApp("Microsoft Edge")];
  }
  if (process.platform === "win32") {
    const roots = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => env[name] ?? []);
    const below = (/** @type {string} */ path) => roots.map((root) => join(root, path));
    return [
      ...below("Chromium\\Application\\chrome.exe"),
      ...chromeForTesting(),
      ...below("Google\\Chrome\\Application\\chrome.exe"),
      ...below("Microsoft\\Edge\\Application\\msedge.exe"),
    ];
  }
  return [
    ...onPath("chromium", "chromium-browser"),
    ...chromeForTesting(),
    ...onPath("google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable"),
  ];
}

/** @param {string} name */
function macApp(name) {
  return `/Applications/${name}.app/Contents/MacOS/${name}`;
}

/** Where `@puppeteer/browsers` and Playwright keep Chrome for Testing, newest first. */
function chromeForTesting() {
  const caches = [
    { folder: join(homedir(), ".cache", "puppeteer", "chrome"), prefix: "" },
    { folder: join(homedir(), ".cache", "ms-playwright"), prefix: "chromium-" },
  ];
  const inside = [
    "chrome-linux64/chrome",
    "chrome-linux/chrome",
    "chrome-win64/chrome.exe",
    "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
  ];
  return caches
    .filter(({ folder }) => existsSync(folder))
    .flatMap(({ folder, prefix }) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(prefix))
        .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
        .flatMap((name) => inside.map((path) => join(folder, name, path))),
    );
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebianRoot() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/mu.test(readFileSync("/etc/os-release", "utf8"));
}
