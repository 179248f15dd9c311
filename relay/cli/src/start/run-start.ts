import { readConfig, type Settings } from "@agent-personas/relay/config";
import type { RunningRelay } from "@agent-personas/relay/start-relay";
import { endpointUrl, keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { findBrowser, missingBrowserText } from "../../bootstrap/find-browser.mjs";
import { openBrowser, type BrowserSession } from "./browser-session.ts";
import { connectApp, type ConnectedApp } from "./connect-app.ts";
import { deployPersona } from "./deploy-persona.ts";
import { extensionCommands } from "./extension-commands.ts";
import type { Flags } from "./flags.ts";
import { freePort } from "./free-port.ts";
import { forgetOldSample } from "./forget-old-sample.ts";
import { hostPattern } from "./host-pattern.ts";
import { pairBrowser } from "./pair-browser.ts";
import { checkReachable } from "./reachable.ts";
import type { Ready } from "./ready-text.ts";
import { readRemembered, remember } from "./remembered.ts";
import { startSampleApp } from "./sample-app.ts";
import { startSampleRelay } from "./start-sample-relay.ts";
import { StartError } from "@agent-personas/relay/start-error";

export type Started = {
  ready: Ready;
  persona: { name: string; tools: number };
  /** Settles with the reason when a part that is needed ends by itself. */
  ended: Promise<string>;
};

const DEFAULT_PORT = 8_787;
const SAMPLE_NAME = "Sample Agent";

/**
 * Starts relay, browser and sample app and deploys the persona. What it started is pushed on `stack`, which the
 * caller disposes, also when this throws or `signal` aborts it.
 */
export async function runStart(
  flags: Flags,
  context: {
    env: NodeJS.ProcessEnv;
    say: (line: string) => void;
    signal: AbortSignal;
    stack: AsyncDisposableStack;
  },
): Promise<Started> {
  const { env, say, signal, stack } = context;
  const executablePath = findBrowser(env);
  if (executablePath === null) throw new StartError(missingBrowserText());
  if (flags.appUrl !== null) await checkReachable(flags.appUrl, signal);

  const remembered = await readRemembered(flags.dataFolder);
  const port = flags.port ?? remembered.relayPort ?? (await freePort([DEFAULT_PORT]));
  if ((await freePort([port])) !== port) {
    throw new StartError(`Port ${port} is in use. Stop what uses it, or choose another one with --port.`);
  }
  say("Starting the relay…");
  const relay = stack.adopt(await startSampleRelay(settingsFor(flags, port, env)), (started) => started.close());
  await remember(flags.dataFolder, { ...remembered, relayPort: port });
  signal.throwIfAborted();

  const sample = flags.appUrl === null ? stack.use(await startSampleApp(remembered.samplePort, signal)) : null;
  if (sample !== null) await remember(flags.dataFolder, { relayPort: port, samplePort: sample.port });
  const app = { url: flags.appUrl ?? sample?.url ?? "", name: sample === null ? null : "Everything" };

  say("Opening the browser…");
  const headless = flags.headless || !hasDisplay(env);
  const browser = stack.use(await openBrowser({ executablePath, dataFolder: flags.dataFolder, headless, signal }));
  // The relay goes first, so that calls in hand are still answered by the browser.
  stack.defer(() => relay.close());
  const ended = Promise.race([browser.ended, ...(sample === null ? [] : [sample.ended])]);
  const work = setUp({ flags, app, browser, relay, say, signal });
  // What is still under way when a part ends fails with it, and that failure says less.
  work.catch(() => undefined);
  const early = ended.then((reason) => {
    throw new StartError(reason);
  });
  early.catch(() => undefined);
  return { ...(await Promise.race([work, early])), ended };
}

async function setUp(options: {
  flags: Flags;
  app: { url: string; name: string | null };
  browser: BrowserSession;
  relay: RunningRelay;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Pick<Started, "ready" | "persona">> {
  const { flags, app, browser, relay, say, signal } = options;
  await browser.allow([...new Set([relay.publicUrl, app.url].map(hostPattern))]);
  const extension = extensionCommands(browser.page, signal);
  await pairBrowser(extension, relay, signal);
  say(flags.appUrl === null ? "Connecting the sample app…" : `Connecting ${new URL(app.url).host}…`);
  const connected: ConnectedApp = await connectApp(extension, app);
  const name = flags.personaName ?? (flags.appUrl === null ? SAMPLE_NAME : connected.name);
  const deployed = await deployPersona(extension, connected, { name, prefixing: flags.prefixing });
  if (flags.appUrl === null) await forgetOldSample(extension, connected);
  const ready: Ready = {
    endpoint: endpointUrl(relay.publicUrl, deployed.slug),
    keyEndpoint: keyEndpointUrl(relay.publicUrl, deployed.slug),
    accessKey: deployed.accessKey,
    relay: relay.publicUrl,
    console: browser.consoleUrl,
  };
  return { ready, persona: { name, tools: deployed.tools } };
}

/** The person's own environment may tune the relay, but not where a sample run listens and keeps its data. */
function settingsFor(flags: Flags, port: number, env: NodeJS.ProcessEnv): Settings {
  const { HOST: _host, PUBLIC_URL: _publicUrl, ...others } = env;
  return readConfig({
    ...others,
    PORT: String(port),
    DATA_DIR: flags.dataFolder,
    LOG_LEVEL: env["LOG_LEVEL"] ?? "warn",
  });
}

function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== "linux") return true;
  return (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
}
