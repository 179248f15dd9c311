import { StartError } from "@agent-personas/relay/start-error";
import { buildExtension } from "../../bootstrap/build-extension.mjs";
import { findBrowser, missingBrowserText } from "../../bootstrap/find-browser.mjs";
import { SetUpError } from "../../bootstrap/workspace.mjs";
import { readDeviceFlags } from "./device-flags.ts";
import { keepRunning } from "./keep-running.ts";
import { NotPairedError } from "./not-paired-error.ts";
import { runLife } from "./run-life.ts";

const STOP_MS = 15_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A browser that serves calls until it is told to stop. Answers the exit code. */
export async function deviceCommand(args: readonly string[], stop: AbortSignal): Promise<number> {
  stop.addEventListener("abort", () => setTimeout(() => process.exit(1), STOP_MS).unref(), { once: true });
  try {
    const folder = process.env["INIT_CWD"] ?? process.cwd();
    const flags = readDeviceFlags(args, { env: process.env, folder });
    const executablePath = findBrowser(process.env);
    if (executablePath === null) throw new StartError(missingBrowserText());
    await buildExtension();
    let wasOnline = false;
    const onOnline = (relayUrl: string): void => {
      wasOnline = true;
      process.stdout.write(`${JSON.stringify({ device: flags.name, relay: relayUrl })}\n`);
    };
    await keepRunning(() => runLife(flags, { executablePath, say, signal: stop, onOnline }), {
      // Whoever has just started it reads why it cannot; later nobody does, and most faults pass.
      isFinal: (error) => error instanceof NotPairedError || (error instanceof StartError && !wasOnline),
      say,
      signal: stop,
      now: () => performance.now(),
    });
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    if (!(error instanceof StartError || error instanceof SetUpError)) throw error;
    say(error.message);
    return 1;
  }
}
