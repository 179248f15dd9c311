import { setTimeout as delay } from "node:timers/promises";
import { isAppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import { openBrowser, type BrowserSession } from "../start/browser-session.ts";
import { connectApp, type ConnectedApp } from "../start/connect-app.ts";
import { extensionCommands, type ExtensionCommands } from "../start/extension-commands.ts";
import { hostPattern } from "../start/host-pattern.ts";
import type { DeviceFlags } from "./device-flags.ts";
import { NotPairedError } from "./not-paired-error.ts";
import { pairDevice } from "./pair-device.ts";
import { servePersonas } from "./serve-personas.ts";

const statusSchema = z.object({ tunnel: z.string(), relayUrl: z.string().nullable() });

/** How often the extension is asked how it is, which also wakes it. Milliseconds. */
const WATCH_MS = 5_000;

export type LifeContext = {
  executablePath: string;
  say: (line: string) => void;
  signal: AbortSignal;
  /** Each time that the tunnel stands again. */
  onOnline: (relayUrl: string) => void;
};

/**
 * One life of the browser: answers why it ended.
 * @throws NotPairedError where another life would end in the same way
 */
export async function runLife(flags: DeviceFlags, context: LifeContext): Promise<string> {
  const { executablePath, signal } = context;
  const { dataFolder } = flags;
  await using browser = await openBrowser({ executablePath, dataFolder, headless: !flags.window, signal });
  const extension = extensionCommands(browser.page, signal);
  await join(extension, browser, flags, context);
  // Awaited here: the browser is closed when this returns.
  return await Promise.race([browser.ended, watch(extension, browser, flags, context)]);
}

async function join(
  extension: ExtensionCommands,
  browser: BrowserSession,
  { pairing, name }: DeviceFlags,
  context: LifeContext,
): Promise<void> {
  const { relayUrl } = await extension.run("status.get", {}, statusSchema);
  const target = relayUrl ?? pairing?.relayUrl;
  if (target === undefined)
    throw new NotPairedError("This device is not paired. Start it once with --pair and a link.");
  if (pairing !== null && pairing.relayUrl !== target) {
    throw new NotPairedError(
      `This device is paired with ${target}. Use another --data folder for ${pairing.relayUrl}.`,
    );
  }
  await browser.allow([hostPattern(target)]);
  if (relayUrl === null && pairing !== null) {
    await pairDevice(extension, pairing, { ...context, name }).catch((error: unknown) => {
      throw isAppError(error) ? new NotPairedError(error.message, { cause: error }) : error;
    });
  }
  await extension.run("tunnel.connect", {}, z.unknown());
}

async function watch(
  extension: ExtensionCommands,
  browser: BrowserSession,
  { appUrls }: DeviceFlags,
  { say, signal, onOnline }: LifeContext,
): Promise<string> {
  const waiting = new Set(appUrls);
  const apps: ConnectedApp[] = [];
  let before = "";
  for (;;) {
    const { tunnel, relayUrl } = await extension.run("status.get", {}, statusSchema);
    if (relayUrl === null)
      throw new NotPairedError("This device is not paired any more. Start it with --pair and a link.");
    if (tunnel !== before) say(`The tunnel is ${tunnel}.`);
    for (const url of waiting) {
      await browser.allow([hostPattern(url)]);
      const app = await connectApp(extension, { url, name: null }).catch((error: unknown) => {
        if (before === "") say(textOf(error));
        return null;
      });
      if (app !== null && waiting.delete(url)) apps.push(app);
    }
    await servePersonas(extension, apps);
    if (tunnel === "online" && before !== "online") onOnline(relayUrl);
    before = tunnel;
    await delay(WATCH_MS, undefined, { signal });
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
