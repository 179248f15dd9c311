import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";

const PROGRAM = join(ROOT, "relay", "src", "server.ts");
const REPORT_HEAP = fileURLToPath(new URL("report-heap.ts", import.meta.url));
const heapSchema = z.object({ heapUsed: z.number(), rss: z.number(), cpuMs: z.number() });
const READY_MS = 60_000;

/** A relay as a process of its own, so that it can be killed as a machine kills it. */
export type RelayProcess = {
  /** Without a word to anybody; answers once the process is gone. */
  kill: () => Promise<void>;
  /** Starts it again on the same port and data. */
  start: () => Promise<void>;
  /** Of the process that runs now; null between `kill` and `start`. */
  pid: () => number | undefined;
  isUp: () => boolean;
  /** What is in use after garbage was collected, in bytes, and the processor's time so far. */
  heap: () => Promise<z.infer<typeof heapSchema>>;
} & AsyncDisposable;

export async function startRelayProcess(options: {
  port: number;
  publicUrl: string;
  dataFolder: string;
  env?: Record<string, string>;
}): Promise<RelayProcess> {
  const env = {
    ...process.env,
    LOG_LEVEL: "warn",
    RATE_LIMIT: "100000",
    ...options.env,
    PORT: String(options.port),
    PUBLIC_URL: options.publicUrl,
    DATA_DIR: options.dataFolder,
  };
  let child: ChildProcess | null = null;
  let up = false;

  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, ["--expose-gc", "--import", REPORT_HEAP, PROGRAM], {
      env,
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    child = started;
    await ready(started);
    up = true;
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    up = false;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill("SIGKILL");
    await gone;
  };

  // A run that is broken off leaves no relay behind.
  const onExit = (): void => void child?.kill("SIGKILL");
  process.once("exit", onExit);
  await start();
  return {
    kill,
    start,
    pid: () => child?.pid,
    isUp: () => up,
    heap: async () => {
      if (child === null) throw new Error("The relay does not run.");
      const answer = once(child, "message", { signal: AbortSignal.timeout(READY_MS) });
      child.send("heap");
      const [report] = await answer;
      return heapSchema.parse(report);
    },
    async [Symbol.asyncDispose]() {
      process.removeListener("exit", onExit);
      await kill();
    },
  };
}

/** Resolves when it says that it is ready. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new Error(`The relay is not ready: ${printed}`)), READY_MS);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`The relay ended with ${code ?? signal}: ${printed}`));
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (!printed.includes("The relay is ready")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
