import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { buildExtension, EXTENSION_FOLDER } from "../../relay/cli/bootstrap/build-extension.mjs";
import { findBrowser, missingBrowserText } from "../../relay/cli/bootstrap/find-browser.mjs";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

export type ExtensionBrowser = {
  context: BrowserContext;
  extensionId: string;
  /** The browser's profile; give it to another `openBrowser` to come back as the same device. */
  profile: string;
  /** Opens the console, at a hash route such as `/apps`. */
  openConsole: (route?: string) => Promise<Page>;
  openPopup: () => Promise<Page>;
  /** Sends a command as the extension's pages do; throws with the code the background answers. */
  command: (command: string, input: Record<string, unknown>) => Promise<unknown>;
  /** All rows of a table of the extension's database. */
  rows: (table: string) => Promise<unknown[]>;
  /** Grants host access as the person's click on Allow does. Match patterns name no port. */
  allow: (...patterns: string[]) => Promise<void>;
  /** Kills the service worker, as the browser does when it is idle. */
  killWorker: () => Promise<void>;
  close: () => Promise<void>;
} & AsyncDisposable;

/** The built extension in a real Chromium with a profile of its own. */
export async function openBrowser(options: { profile?: string; headless?: boolean } = {}): Promise<ExtensionBrowser> {
  await buildExtension();
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(missingBrowserText());
  const folder = await temporaryFolder();
  // A copy, which no build that runs meanwhile takes away.
  const extension = join(folder.path, "extension");
  cpSync(EXTENSION_FOLDER, extension, { recursive: true });
  const profile = options.profile ?? join(folder.path, "profile");
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: options.headless ?? true,
    viewport: { width: 1280, height: 800 },
    args: argumentsFor(extension),
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker", { timeout: 20_000 }));
  const extensionId = new URL(worker.url()).host;
  const openPage = async (path: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`chrome-extension://${extensionId}/${path}`);
    return page;
  };
  const withPage = async <T>(work: (page: Page) => Promise<T>): Promise<T> => {
    const page = await openPage("console.html#/blank");
    try {
      return await work(page);
    } finally {
      await page.close();
    }
  };
  const close = async (): Promise<void> => {
    await context.close();
    await folder[Symbol.asyncDispose]();
  };
  return {
    context,
    extensionId,
    profile,
    openConsole: (route = "/") => openPage(`console.html#${route}`),
    openPopup: async () => {
      const page = await openPage("popup.html");
      await page.setViewportSize({ width: 380, height: 600 });
      return page;
    },
    command: (command, input) => withPage((page) => sendCommand(page, command, input)),
    rows: (table) => withPage((page) => readTable(page, table)),
    allow: (...patterns) => allowHosts(context, extensionId, patterns, withPage),
    killWorker: () => killWorkers(context, extensionId),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What Chromium is started with for an unpacked extension and nothing else. */
export const argumentsFor = (extension: string): string[] => [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  `--disable-extensions-except=${extension}`,
  `--load-extension=${extension}`,
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Sends a command from an extension page that is open already. */
export async function sendCommand(page: Page, command: string, input: Record<string, unknown>): Promise<unknown> {
  const message = JSON.stringify({ command, input });
  const reply: unknown = await page.evaluate(`chrome.runtime.sendMessage(${message})`);
  if (typeof reply !== "object" || reply === null || !("ok" in reply)) throw new Error(`No reply to ${command}.`);
  if (reply.ok === true && "value" in reply) return reply.value;
  throw new Error(`${command}: ${JSON.stringify(reply)}`);
}

async function readTable(page: Page, table: string): Promise<unknown[]> {
  const rows: unknown = await page.evaluate(`new Promise((resolve, reject) => {
    const open = indexedDB.open("agent-personas");
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const all = open.result.transaction(${JSON.stringify(table)}).objectStore(${JSON.stringify(table)}).getAll();
      all.onerror = () => reject(all.error);
      all.onsuccess = () => { open.result.close(); resolve(JSON.parse(JSON.stringify(all.result))); };
    };
  })`);
  return Array.isArray(rows) ? rows : [];
}

async function allowHosts(
  context: BrowserContext,
  extensionId: string,
  patterns: readonly string[],
  withPage: <T>(work: (page: Page) => Promise<T>) => Promise<T>,
): Promise<void> {
  const settings = await context.newPage();
  await settings.goto("chrome://extensions");
  await settings.evaluate(
    `(async () => { for (const host of ${JSON.stringify(patterns)}) await chrome.developerPrivate.addHostPermission(${JSON.stringify(extensionId)}, host); })()`,
  );
  await settings.close();
  const granted = await withPage((page) =>
    page.evaluate(`chrome.permissions.request({ origins: ${JSON.stringify(patterns)} })`),
  );
  if (granted !== true) throw new Error(`The browser did not grant ${patterns.join(", ")}.`);
}

/** From a page of nobody's, since one of the extension's own would wake the worker again. */
async function killWorkers(context: BrowserContext, extensionId: string): Promise<void> {
  const pages = context.pages().filter((page) => page.url().includes(extensionId));
  await Promise.all(pages.map((page) => page.close()));
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const { targetInfos } = await session.send("Target.getTargets");
  const workers = targetInfos.filter(({ type, url }) => type === "service_worker" && url.includes(extensionId));
  if (workers.length === 0) throw new Error("There is no worker to kill.");
  for (const { targetId } of workers) await session.send("Target.closeTarget", { targetId });
  await page.close();
}

const SCREENSHOTS = join(ROOT, "tests", "artefacts", "screenshots");

/** Writes the page in light and dark at 380 and 1280 px to tests/artefacts/screenshots, for people to look at. */
export async function screenshot(page: Page, name: string, widths: readonly number[] = [380, 1_280]): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const before = page.viewportSize();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 380 ? 600 : 800 });
      // From further down, what sticks to an edge would be pictured in the middle, and parts not at all.
      await page.evaluate("scrollTo(0, 0)");
      await page.screenshot({
        path: join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`),
        fullPage: true,
        animations: "disabled",
      });
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before !== null) await page.setViewportSize(before);
}
