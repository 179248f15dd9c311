import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { launch, type Browser, type Page } from "puppeteer-core";
import { EXTENSION_FOLDER } from "../../bootstrap/build-extension.mjs";
import { StartError } from "@agent-personas/relay/start-error";
import { within } from "./within.ts";

/** A running browser with the extension loaded, and a page of the extension. */
export type BrowserSession = {
  page: Page;
  consoleUrl: string;
  /** Settles when the browser is gone, however it went. */
  ended: Promise<string>;
  /** Lets the extension reach these match patterns, as a person's click on Allow does. */
  allow: (patterns: readonly string[]) => Promise<void>;
} & AsyncDisposable;

const LAUNCH_MS = 30_000;
const STEP_MS = 20_000;
const CLOSE_MS = 5_000;

/** Opens a browser of its own, whose profile lies in the data folder and stays there. */
export async function openBrowser(options: {
  executablePath: string;
  dataFolder: string;
  headless: boolean;
  signal: AbortSignal;
}): Promise<BrowserSession> {
  const { signal } = options;
  const browser = await launchBrowser(options);
  const ended = new Promise<string>((resolve) => {
    browser.once("disconnected", () => resolve("The browser was closed."));
  });
  try {
    const limit = { ms: STEP_MS, otherwise: "The extension could not be loaded into the browser.", signal };
    const id = await within(browser.installExtension(EXTENSION_FOLDER).catch(notLoaded), limit);
    const consoleUrl = `chrome-extension://${id}/console.html`;
    const [first] = await browser.pages();
    const page = first ?? (await browser.newPage());
    await within(openExtensionPage(page, consoleUrl, signal), limit);
    return {
      page,
      consoleUrl,
      ended,
      allow: (patterns) => within(allowHosts(browser, page, id, patterns), { ...limit, otherwise: PERMISSION_FAILED }),
      [Symbol.asyncDispose]: () => closeBrowser(browser),
    };
  } catch (error) {
    await closeBrowser(browser);
    throw error;
  }
}

function notLoaded(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new StartError(`The browser did not load the extension: ${reason}`, { cause: error });
}

const PERMISSION_FAILED = "The browser did not let the extension reach the app.";

async function launchBrowser(options: Parameters<typeof openBrowser>[0]): Promise<Browser> {
  const root = process.getuid?.() === 0;
  try {
    return await launch({
      executablePath: options.executablePath,
      pipe: true,
      enableExtensions: true,
      headless: options.headless,
      defaultViewport: null,
      userDataDir: join(options.dataFolder, "browser"),
      timeout: LAUNCH_MS,
      // Signals are handled in one place, which also stops what belongs to the browser.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      signal: options.signal,
      ignoreDefaultArgs: ["--enable-automation"],
      args: [
        ...(root ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--hide-crash-restore-bubble",
      ],
    });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new StartError(
      `The browser ${options.executablePath} could not be started: ${reason} Is another one running with the same --data folder?`,
      { cause: error },
    );
  }
}

/** Right after loading, the extension's pages may not be served yet. */
async function openExtensionPage(page: Page, url: string, signal: AbortSignal): Promise<void> {
  const attempts = 40;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.goto(url, { timeout: STEP_MS, waitUntil: "domcontentloaded" });
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await delay(100, undefined, { signal });
    }
  }
}

/** The browser's own settings page first allows the hosts; then the extension's request needs no answer. */
async function allowHosts(browser: Browser, page: Page, id: string, patterns: readonly string[]): Promise<void> {
  const settings = await browser.newPage();
  try {
    await settings.goto("chrome://extensions", { timeout: STEP_MS });
    await settings.evaluate(
      `(async () => { for (const host of ${JSON.stringify(patterns)}) await chrome.developerPrivate.addHostPermission(${JSON.stringify(id)}, host); })()`,
    );
  } finally {
    await settings.close();
  }
  await page.bringToFront();
  const granted = await page.evaluate(`chrome.permissions.request({ origins: ${JSON.stringify(patterns)} })`);
  if (granted !== true) throw new StartError(PERMISSION_FAILED);
}

async function closeBrowser(browser: Browser): Promise<void> {
  const child = browser.process();
  const closed = browser.close().catch(() => undefined);
  await Promise.race([closed, delay(CLOSE_MS, undefined, { ref: false })]);
  if (child !== null && child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}
