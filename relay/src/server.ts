import { parseArgs } from "node:util";
import { ConfigError, readConfig } from "./config.ts";
import { readyText } from "./ready-text.ts";
import { StartError } from "./start-error.ts";
import { startRelay, type RunningRelay } from "./start-relay.ts";

/** The relay as a process: people read stdout, the log goes to stderr, SIGINT and SIGTERM stop it gracefully. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { recover: { type: "boolean", default: false } } });
  const relay = await startRelay(readConfig(process.env), { recover: values.recover });
  process.stdout.write(readyText(relay));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(relay));
}

async function stop(relay: RunningRelay): Promise<void> {
  try {
    await relay.close();
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = error instanceof StartError || error instanceof ConfigError || "code" in error;
  return expected ? error.message : (error.stack ?? error.message);
}

main().catch(fail);
