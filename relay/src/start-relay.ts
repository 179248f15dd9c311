import { createServer, type Server } from "node:http";
import type { DestinationStream } from "pino";
import packageJson from "../package.json" with { type: "json" };
import { createApp, type App } from "./app.ts";
import { withPort, type Settings } from "./config.ts";
import { issueSetupCode } from "./devices/setup-code.ts";
import { createLog } from "./http/create-log.ts";
import { holdRequests } from "./http/hold-requests.ts";
import type { Network } from "./http/outbound/pinned-request.ts";
import { StartError } from "./start-error.ts";
import { lockFolder } from "./store/lock-folder.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

const DRAIN_MS = 30_000;
/** Idle connections are kept longer than a proxy's minute, so that the proxy is the one to close them. */
const KEEP_ALIVE_MS = 72_000;
const REQUEST_MS = 60_000;

export type RunningRelay = {
  /** Where it listens. */
  url: string;
  /** What clients and devices use; the audience of every device token. */
  publicUrl: string;
  /** Pairs the first device. Exists only here, and only on a fresh relay or with `recover`. */
  setupCode: string | null;
  /** Graceful stop: refuses new calls, finishes those in hand (at most 30 s), closes. */
  close: () => Promise<void>;
};

export type StartOptions = {
  now?: () => number;
  /** Where log lines go; stderr when left out. */
  log?: DestinationStream;
  /** How client metadata documents are reached; the internet when left out. */
  network?: Network;
  /** Makes a new set-up code when no administrator's device exists. */
  recover?: boolean;
};

/**
 * Starts a relay. It listens before anything else, so that a taken port leaves no trace and port 0 has a public URL.
 * @throws StartError with a sentence for the person who started it.
 */
export async function startRelay(settings: Settings, options: StartOptions = {}): Promise<RunningRelay> {
  const now = options.now ?? Date.now;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS });
  const release = holdRequests(server);
  const port = await listen(server, settings);
  const config = withPort(settings, port);
  const log = createLog(config.logLevel, options.log);
  let store: Store | null = null;
  let app: App | null = null;
  let unlock: (() => void) | null = null;
  try {
    store = await openStore(config.dataDir);
    unlock = lockFolder(config.dataDir);
    const setupCode = await issueSetupCode(store, { now: now(), recover: options.recover ?? false });
    app = await createApp({
      config,
      store,
      server,
      log,
      now,
      version: packageJson.version,
      ...(options.network === undefined ? {} : { network: options.network }),
    });
    release();
    const parts = { app, store, server, unlock };
    log.info({ publicUrl: config.publicUrl }, "relay is ready");
    let closing: Promise<void> | null = null;
    return {
      url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`,
      publicUrl: config.publicUrl,
      setupCode,
      close: () => (closing ??= stop(parts)),
    };
  } catch (error) {
    await app?.close(0);
    await store?.close();
    unlock?.();
    await closeServer(server);
    throw error;
  }
}

type Parts = { app: App; store: Store; server: Server; unlock: () => void };

async function stop({ app, store, server, unlock }: Parts): Promise<void> {
  await app.close(DRAIN_MS);
  await closeServer(server);
  await store.close();
  unlock();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listen(server: Server, { host, port }: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new StartError(`Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`);
    case "EACCES":
      return new StartError(`Port ${port} on ${host} may not be used by this account. Set PORT to one above 1023.`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartError(`HOST ${host} is not an address of this machine.`);
    default:
      return error;
  }
}
