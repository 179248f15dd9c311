import { setTimeout as delay } from "node:timers/promises";
import type { RunningRelay } from "@agent-personas/relay/start-relay";
import { z } from "zod";
import type { ExtensionCommands } from "./extension-commands.ts";
import { StartError } from "@agent-personas/relay/start-error";

const statusSchema = z.object({ tunnel: z.string(), relayUrl: z.string().nullable() });
const ONLINE_MS = 30_000;

/** Pairs the extension at the first start, and waits until its tunnel stands. */
export async function pairBrowser(
  extension: ExtensionCommands,
  relay: Pick<RunningRelay, "publicUrl" | "setupCode">,
  signal: AbortSignal,
): Promise<void> {
  const status = await extension.run("status.get", {}, statusSchema);
  if (status.relayUrl === null) await pair(extension, relay);
  else if (status.relayUrl !== relay.publicUrl) await extension.moveRelay(relay.publicUrl);
  await extension.run("tunnel.connect", {}, z.unknown());
  await online(extension, signal);
}

async function pair(extension: ExtensionCommands, relay: Pick<RunningRelay, "publicUrl" | "setupCode">): Promise<void> {
  if (relay.setupCode === null) {
    throw new StartError(
      "The relay of this data folder belongs to a browser whose profile is gone. Start with another --data folder.",
    );
  }
  await extension.run("relay.inspect", { relayUrl: relay.publicUrl }, z.unknown());
  const outcome = await extension.run(
    "relay.pair",
    { relayUrl: relay.publicUrl, code: relay.setupCode, deviceName: "Sample browser", personName: "Owner" },
    z.object({ state: z.string() }),
  );
  if (outcome.state !== "paired") throw new StartError("The relay did not accept the set-up code.");
}

async function online(extension: ExtensionCommands, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ONLINE_MS;
  let tunnel = "offline";
  while (Date.now() < until) {
    ({ tunnel } = await extension.run("status.get", {}, statusSchema));
    if (tunnel === "online") return;
    await delay(50, undefined, { signal });
  }
  throw new StartError(`The extension did not reach the relay within 30 seconds; its tunnel is “${tunnel}”.`);
}
