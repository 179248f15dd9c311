import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { readConfig, type Settings } from "../config.ts";
import { startRelay, type RunningRelay } from "../start-relay.ts";
import { createTestDevice, type TestDevice } from "./paired-device.ts";

export type TestRelay = AsyncDisposable & {
  relay: RunningRelay;
  url: string;
  /** Where its database is. */
  folder: string;
  /** Time of the relay and of its test devices; tests move it. */
  clock: { now: number };
  /** Everything logged so far. */
  logged: () => string;
  /** Pairs a device with the set-up code. */
  pairFirst: () => Promise<TestDevice>;
};

/** A relay on a free loopback port with a database of its own. `await using` closes it. */
export async function startTestRelay(env: Record<string, string> = {}): Promise<TestRelay> {
  const clock = { now: Date.now() };
  const lines: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "relay-test-"));
  const settings: Settings = readConfig({
    PORT: "0",
    DATA_DIR: folder,
    LOG_LEVEL: "trace",
    RATE_LIMIT: "100000",
    ...env,
  });
  const relay = await startRelay(settings, { now: () => clock.now, log: collect(lines) });
  return {
    relay,
    url: relay.publicUrl,
    folder,
    clock,
    logged: () => lines.join(""),
    pairFirst: async () => {
      const device = await createTestDevice(relay.publicUrl, clock);
      await device.pair(relay.setupCode ?? "", { personName: "Ada" });
      return device;
    },
    [Symbol.asyncDispose]: async () => {
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function collect(lines: string[]): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
}
