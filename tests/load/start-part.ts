import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const PROGRAM = fileURLToPath(new URL("program.ts", import.meta.url));
const READY_MS = 30_000;

/** One of the parts of program.ts in a process of its own. */
export async function startPart(...args: string[]): Promise<{ url: string } & AsyncDisposable> {
  const child = fork(PROGRAM, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [url] = await once(child, "message", { signal: AbortSignal.timeout(READY_MS) });
  return {
    url: z.string().parse(url),
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
