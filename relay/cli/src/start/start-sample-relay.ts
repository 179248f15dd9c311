import { setTimeout as delay } from "node:timers/promises";
import type { Settings } from "@agent-personas/relay/config";
import { StartError } from "@agent-personas/relay/start-error";
import { startRelay, type RunningRelay } from "@agent-personas/relay/start-relay";

/** Somebody waits at the terminal; calls that take longer are cut, where a relay on a server lets them finish. */
const DRAIN_MS = 3_000;

/** A relay that can be told to stop more than once. */
export async function startSampleRelay(settings: Settings): Promise<RunningRelay> {
  const relay = await startUnpaired(settings);
  let stopped: Promise<void> | null = null;
  return {
    ...relay,
    close: () => (stopped ??= Promise.race([relay.close(), delay(DRAIN_MS, undefined, { ref: false })])),
  };
}

/** A start that was stopped before pairing has used up its set-up code; another is made unless a browser is paired. */
async function startUnpaired(settings: Settings): Promise<RunningRelay> {
  try {
    return await startRelay(settings, { recover: true });
  } catch (error) {
    if (error instanceof StartError) return startRelay(settings);
    throw error;
  }
}
