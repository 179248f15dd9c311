import { ConfigError } from "@agent-personas/relay/config";
import { StartError } from "@agent-personas/relay/start-error";
import { isAppError } from "@agent-personas/shared/errors/app-error";
import { ROOT, SetUpError } from "../../bootstrap/workspace.mjs";
import { readFlags, type Flags } from "./flags.ts";
import { readyLine, readyText } from "./ready-text.ts";
import { runStart } from "./run-start.ts";

const STOP_MS = 15_000;
/** Everything inside has a shorter deadline of its own; this one is for what nobody thought of. */
const START_MS = 180_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** `npm start`: runs until it is told to stop. Answers the exit code. */
export async function startCommand(args: readonly string[], stop: AbortSignal): Promise<number> {
  const stack = new AsyncDisposableStack();
  try {
    const flags = readFlags(args, { caller: process.env["INIT_CWD"] ?? process.cwd(), workspace: ROOT });
    return await untilStopped(flags, stop, stack);
  } catch (error) {
    if (stop.aborted) return 0;
    say(describe(error));
    return 1;
  } finally {
    // A part that hangs while stopping must not keep the others: the process ends at the deadline.
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await stack.disposeAsync().catch((error: unknown) => say(describe(error)));
  }
}

async function untilStopped(flags: Flags, stop: AbortSignal, stack: AsyncDisposableStack): Promise<number> {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(new StartError("The start took longer than three minutes.")), START_MS);
  const signal = AbortSignal.any([stop, tooLong.signal]);
  const { ready, persona, ended } = await runStart(flags, { env: process.env, say, signal, stack });
  clearTimeout(timer);
  process.stdout.write(flags.json ? `${readyLine(ready)}\n` : readyText(ready, persona));
  const reason = await Promise.race([ended, aborted(stop)]);
  if (reason === null) {
    say("Stopping…");
    return 0;
  }
  throw new StartError(reason);
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}

/** One sentence where the person can do something about it, all there is where it is a fault of ours. */
function describe(error: unknown): string {
  if (error instanceof StartError || error instanceof ConfigError || error instanceof SetUpError || isAppError(error)) {
    return error.message;
  }
  return `The start failed. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
