import { forgetSession, readRows } from "@agent-personas/extension/test-support/node-device/stored-profile";
import { z } from "zod";
import type { Commands } from "./product.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

/** An extension in Node, used like the one in a browser. Its worker is a process, its profile a folder that stays. */
export type DeviceInProcess = Commands & {
  /** As the browser kills it: at once. Until `wake` or a command nothing runs. */
  killWorker: () => Promise<void>;
  wake: () => Promise<void>;
  /** Closes the browser without a word and opens it again: what was only in memory is gone, `storage.session` too. */
  restartBrowser: () => Promise<void>;
  /** The alarm by which the browser wakes the worker. */
  alarm: () => Promise<void>;
  /** The computer slept: its clock went on, its timers did not. */
  oversleep: (ms: number) => Promise<void>;
};

/** Any number of extensions. */
export type DeviceProcesses = {
  /** The extension of this number; made when first used. */
  device: (number: number) => DeviceInProcess;
  /** Of the processes that run now. Bytes; milliseconds of the processor. */
  memory: () => Promise<{ rss: number; heapUsed: number; cpuMs: number }>;
} & AsyncDisposable;

type Device = DeviceInProcess & { memory: () => Promise<Memory | null> } & AsyncDisposable;

const memorySchema = z.object({ rss: z.number(), heapUsed: z.number(), cpuMs: z.number() });
type Memory = z.infer<typeof memorySchema>;

export function startDeviceProcesses(): DeviceProcesses {
  const devices = new Map<number, Device>();
  return {
    device: (number) => {
      const device = devices.get(number) ?? createDevice();
      devices.set(number, device);
      return device;
    },
    memory: async () => {
      const each = await Promise.all([...devices.values()].map(({ memory }) => memory()));
      const sum = (read: (memory: Memory) => number): number =>
        each.reduce((total, memory) => total + (memory === null ? 0 : read(memory)), 0);
      return {
        rss: sum(({ rss }) => rss),
        heapUsed: sum(({ heapUsed }) => heapUsed),
        cpuMs: sum(({ cpuMs }) => cpuMs),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...devices.values()].map((device) => device[Symbol.asyncDispose]()));
    },
  };
}

function createDevice(): Device {
  const profile = temporaryFolder();
  let worker: Promise<WorkerProcess> | null = null;
  let death = Promise.resolve();

  const start = async (): Promise<WorkerProcess> => {
    await death;
    return startWorkerProcess((await profile).path);
  };
  const running = (): Promise<WorkerProcess> => (worker ??= start());
  const ask = async (action: string, more: Record<string, unknown> = {}): Promise<unknown> =>
    (await running()).ask({ ...more, action });
  const killWorker = (): Promise<void> => {
    const dying = worker;
    worker = null;
    if (dying !== null) death = dying.then(({ kill }) => kill());
    return death;
  };
  return {
    command: (name, input) => ask("command", { name, input }),
    rows: async (table) => readRows((await profile).path, table),
    killWorker,
    wake: async () => void (await running()),
    restartBrowser: async () => {
      await killWorker();
      forgetSession((await profile).path);
      await running();
    },
    alarm: async () => void (await ask("alarm")),
    oversleep: async (ms) => void (await ask("oversleep", { ms })),
    memory: async () => (worker === null ? null : memorySchema.parse(await ask("memory"))),
    async [Symbol.asyncDispose]() {
      await killWorker();
      await (await profile)[Symbol.asyncDispose]();
    },
  };
}
