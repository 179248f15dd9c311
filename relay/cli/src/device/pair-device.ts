import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ExtensionCommands } from "../start/extension-commands.ts";
import type { PairingLink } from "./device-flags.ts";
import { NotPairedError } from "./not-paired-error.ts";

const outcomeSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("paired"), recoveryCode: z.string().nullable() }),
  z.object({
    state: z.literal("pending"),
    linkId: z.string(),
    ownFingerprint: z.string(),
    approver: z.object({ name: z.string(), fingerprint: z.string() }),
  }),
]);
const decisionSchema = z.object({ state: z.string() });

/** A person may have to walk to the other browser. Milliseconds. */
const CONFIRM_MS = 10 * 60_000;
const ASK_MS = 1_000;

/** Pairs with a relay's own link at once, with that of a paired browser once its person has confirmed. */
export async function pairDevice(
  extension: Pick<ExtensionCommands, "run">,
  { relayUrl, code }: PairingLink,
  { name, say, signal }: { name: string; say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  await extension.run("relay.inspect", { relayUrl }, z.unknown());
  const outcome = await extension.run("relay.pair", { relayUrl, code, deviceName: name }, outcomeSchema);
  if (outcome.state === "paired") {
    if (outcome.recoveryCode !== null) say(`Recovery code (shown once, keep it safe): ${outcome.recoveryCode}`);
    return;
  }
  say(`Confirm in ${outcome.approver.name}. It must show this device as ${outcome.ownFingerprint}.`);
  const until = Date.now() + CONFIRM_MS;
  let state = "pending";
  while (state === "pending" && Date.now() < until) {
    await delay(ASK_MS, undefined, { signal });
    ({ state } = await extension.run("relay.pairing-outcome", { linkId: outcome.linkId }, decisionSchema));
  }
  if (state !== "paired")
    throw new NotPairedError("The other browser did not confirm this device. Make a new link there.");
}
