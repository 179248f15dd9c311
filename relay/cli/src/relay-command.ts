import { ConfigError, readConfig } from "@agent-personas/relay/config";
import { StartError } from "@agent-personas/relay/start-error";
import { startRelay } from "@agent-personas/relay/start-relay";

/** Runs a relay until it is told to stop. Answers the exit code. */
export async function relayCommand(stop: AbortSignal): Promise<number> {
  try {
    const relay = await startRelay(readConfig(process.env));
    process.stderr.write(`The relay is at ${relay.publicUrl}.\n`);
    if (relay.setupCode !== null) {
      process.stderr.write(`Set-up code for the first browser: ${relay.setupCode}\n`);
    }
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
    await relay.close();
    return 0;
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
