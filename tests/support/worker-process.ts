import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** One life of an extension's service worker in Node, as a process. */
export type WorkerProcess = {
  /** @throws what the worker answers, or that it is gone. */
  ask: (request: { action: string } & Record<string, unknown>) => Promise<unknown>;
  /** SIGKILL: it finishes nothing, and the system closes its connections. Answers once it is gone. */
  kill: () => Promise<void>;
};

const PROGRAM = fileURLToPath(new URL("device-worker.ts", import.meta.url));
const ANSWER_MS = 60_000;
/** Vault and device key are written down, which Node will no longer do with keys that are not to be exported. */
const EXEC_ARGV = ["--disable-warning=DEP0204"];

const answerSchema = z.object({ id: z.int(), value: z.unknown().optional(), error: z.string().optional() });

/** Starts a worker over the profile in this folder, which no other may be using. */
export function startWorkerProcess(folder: string): WorkerProcess {
  const child = fork(PROGRAM, [folder], {
    execArgv: EXEC_ARGV,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const gone = once(child, "exit");
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on("message", (message) => {
    const { id, value, error } = answerSchema.parse(message);
    const asked = waiting.get(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  child.on("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("The worker is gone."));
  });
  return {
    ask: async (request) => {
      if (!child.connected) throw new Error("The worker is gone.");
      last += 1;
      const id = last;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const timer = setTimeout(
        () => reject(new Error(`The worker does not answer ${JSON.stringify(request).slice(0, 200)}.`)),
        ANSWER_MS,
      );
      waiting.set(id, { resolve, reject });
      try {
        child.send({ ...request, id });
        return await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
