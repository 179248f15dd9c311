import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Network } from "@agent-personas/relay/http/outbound/pinned-request";
import { readConfig } from "@agent-personas/relay/config";
import { startRelay, type RunningRelay } from "@agent-personas/relay/start-relay";
import { findSecrets } from "./find-secrets.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { watchSecrets, type SecretWatch } from "./watch-secrets.ts";

export type TestRelay = {
  /** What clients and devices use. */
  url: string;
  /** Where it listens, which differs from `url` behind a proxy. */
  port: number;
  setupCode: string | null;
  dataFolder: string;
  /** Everything it logged, one JSON line each. */
  log: string[];
  /** All bytes of its database files, write-ahead log included. */
  databaseBytes: () => Promise<Buffer>;
  /** Stops it and starts it again on the same port and data. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
  /** Every secret that it gave out or accepted. When it is disposed of, none of them may be in its data folder. */
  issued: SecretWatch["secrets"];
} & AsyncDisposable;

/** A relay on a free port with an empty data folder. `publicUrl` for one behind a proxy (frames.ts). */
export async function startTestRelay(
  options: {
    publicUrl?: string;
    port?: number;
    env?: Record<string, string>;
    now?: () => number;
    network?: Network;
  } = {},
): Promise<TestRelay> {
  const folder = await temporaryFolder();
  const log: string[] = [];
  const start = (port: number): Promise<RunningRelay> =>
    startRelay(
      readConfig({
        LOG_LEVEL: "trace",
        // Suites call faster than people; what tests limits sets its own.
        RATE_LIMIT: "100000",
        ...options.env,
        PORT: String(port),
        DATA_DIR: folder.path,
        PUBLIC_URL: options.publicUrl ?? (port === 0 ? undefined : `http://localhost:${port}`),
      }),
      {
        log: { write: (line) => void log.push(line) },
        ...(options.now === undefined ? {} : { now: options.now }),
        ...(options.network === undefined ? {} : { network: options.network }),
      },
    );
  let running = await start(options.port ?? 0);
  const { publicUrl, setupCode } = running;
  const port = Number(new URL(running.url).port);
  const watch = watchSecrets(port);
  if (setupCode !== null) watch.add("setup code", setupCode);
  return {
    url: publicUrl,
    port,
    setupCode,
    dataFolder: folder.path,
    log,
    databaseBytes: async () => {
      const names = (await readdir(folder.path, { recursive: true, withFileTypes: true })).filter((entry) =>
        entry.isFile(),
      );
      return Buffer.concat(await Promise.all(names.map((entry) => readFile(join(entry.parentPath, entry.name)))));
    },
    async restart() {
      await running.close();
      running = await start(port);
    },
    stop: () => running.close(),
    issued: watch.secrets,
    async [Symbol.asyncDispose]() {
      await running.close();
      watch.stop();
      const stored = await findSecrets(folder.path, watch.secrets);
      if (stored.length > 0) throw new Error(`The relay's data folder holds secrets: ${stored.join(", ")}.`);
      await folder[Symbol.asyncDispose]();
    },
  };
}
