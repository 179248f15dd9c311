import { parseArgs } from "node:util";
import { ConfigError, readConfig } from "@agent-personas/relay/config";
import { readyText } from "@agent-personas/relay/ready-text";
import { StartError } from "@agent-personas/relay/start-error";
import { startRelay } from "@agent-personas/relay/start-relay";

/** Runs a relay until it is told to stop. Answers the exit code. */
export async function relayCommand(args: string[], stop: AbortSignal): Promise<number> {
  try {
    const relay = await startRelay(readConfig(process.env), { recover: readRecover(args) });
    process.stdout.write(readyText(relay));
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
    await relay.close();
    return 0;
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function readRecover(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { recover: { type: "boolean", default: false } } }).values.recover;
  } catch (error) {
    throw new StartError("Usage: agent-personas relay [--recover]", { cause: error });
  }
}
