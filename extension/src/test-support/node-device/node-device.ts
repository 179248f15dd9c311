import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Downstream } from "../../apps/downstream.ts";
import { commandInputs, type CommandName } from "../../messages/contract.ts";
import { memorySessionStore } from "../memory-session-store.ts";
import { newProfile, type PlatformOptions } from "./platform.ts";
import { startWorker } from "./worker.ts";

/** The extension in Node, used as a test uses the one in a browser. */
export type NodeDevice = {
  /** What the extension's pages send; throws with the code the background answers. */
  command: (command: string, input: Record<string, unknown>) => Promise<unknown>;
  /** All rows of a table of the extension's database. */
  rows: (table: string) => Promise<unknown[]>;
  /** Calls an app as the executor does once its guards are through: for suites that judge the client towards apps. */
  callApp: Downstream["call"];
  /** Kills the worker; until `wake` nothing runs. */
  killWorker: () => void;
  /** The browser starts the worker again. */
  wake: () => void;
  /** Closes the browser without a word and opens it again: what was only in memory is gone. */
  restartBrowser: () => void;
} & AsyncDisposable;

export function startNodeDevice(options: PlatformOptions = {}): NodeDevice {
  const profile = newProfile();
  const start = () => startWorker(profile, options);
  let worker: ReturnType<typeof start> | null = start();

  const killWorker = (): void => {
    worker?.kill();
    worker = null;
  };
  const wake = (): void => void (worker ??= start());

  return {
    async command(command, input) {
      if (!isCommand(command)) throw new Error(`There is no command ${command}.`);
      wake();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Schema and handler have one name, which a lookup cannot say.
      const handler = worker?.handlers[command] as ((input: unknown) => Promise<unknown>) | undefined;
      if (handler === undefined) throw new Error(`The device in Node does not take ${command}.`);
      try {
        return await handler(commandInputs[command].parse(input));
      } catch (error) {
        if (!isAppError(error)) throw error;
        throw new Error(`${command}: ${JSON.stringify({ code: error.code, detail: error.detail })}`, { cause: error });
      }
    },
    callApp: (call) => {
      wake();
      return worker === null ? Promise.reject(new Error("There is no worker.")) : worker.downstream.call(call);
    },
    rows: (table) => profile.database.table(table).toArray(),
    killWorker,
    wake,
    restartBrowser() {
      killWorker();
      profile.session = memorySessionStore();
      wake();
    },
    async [Symbol.asyncDispose]() {
      await worker?.stop();
      await profile.database.delete();
    },
  };
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandInputs, name);
