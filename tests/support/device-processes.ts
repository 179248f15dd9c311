import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Commands } from "./product.ts";

/** An extension in another process, used like the one in a browser. */
export type DeviceInProcess = Commands & {
  killWorker: () => Promise<void>;
  wake: () => Promise<void>;
  restartBrowser: () => Promise<void>;
};

export type DeviceProcess = {
  /** The extension of this number; made when first used. */
  device: (number: number) => DeviceInProcess;
  memory: () => Promise<{ rss: number; heapUsed: number; cpuMs: number }>;
} & AsyncDisposable;

const PROGRAM = fileURLToPath(new URL("device-host.ts", import.meta.url));
const ANSWER_MS = 60_000;

const answerSchema = z.object({ id: z.int(), value: z.unknown().optional(), error: z.string().optional() });
const memorySchema = z.object({ rss: z.number(), heapUsed: z.number(), cpuMs: z.number() });

/** A process of its own for any number of extensions in Node. */
export function startDeviceProcess(): DeviceProcess {
  const child = fork(PROGRAM, { stdio: ["ignore", "inherit", "inherit", "ipc"], serialization: "advanced" });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on("message", (message) => {
    const { id, value, error } = answerSchema.parse(message);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  child.on("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("The process of the devices has ended."));
    waiting.clear();
  });

  const ask = (request: Record<string, unknown>): Promise<unknown> => {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`The devices do not answer ${JSON.stringify(request).slice(0, 200)}.`));
      }, ANSWER_MS);
      waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      child.send({ id, ...request });
    });
  };

  return {
    device: (device) => ({
      command: (name, input) => ask({ device, action: "command", name, input }),
      rows: async (name) => z.array(z.unknown()).parse(await ask({ device, action: "rows", name })),
      killWorker: async () => void (await ask({ device, action: "killWorker" })),
      wake: async () => void (await ask({ device, action: "wake" })),
      restartBrowser: async () => void (await ask({ device, action: "restartBrowser" })),
    }),
    memory: async () => memorySchema.parse(await ask({ device: 0, action: "memory" })),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
