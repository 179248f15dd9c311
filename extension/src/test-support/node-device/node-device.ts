import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Downstream } from "../../apps/downstream.ts";
import { commandInputs, type CommandName } from "../../messages/contract.ts";
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
  /** Raises the alarm by which the browser wakes the worker. */
  alarm: () => void;
} & AsyncDisposable;

/** In this process, so that it cannot be killed: what can is in tests/support/device-processes.ts. */
export function startNodeDevice(options: PlatformOptions = {}, profile = newProfile()): NodeDevice {
  const worker = startWorker(profile, options);
  return {
    async command(command, input) {
      if (!isCommand(command)) throw new Error(`There is no command ${command}.`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Schema and handler have one name, which a lookup cannot say.
      const handler = worker.handlers[command] as ((input: unknown) => Promise<unknown>) | undefined;
      if (handler === undefined) throw new Error(`The device in Node does not take ${command}.`);
      await worker.started;
      try {
        return await handler(commandInputs[command].parse(input));
      } catch (error) {
        if (!isAppError(error)) throw error;
        throw new Error(`${command}: ${JSON.stringify({ code: error.code, detail: error.detail })}`, { cause: error });
      }
    },
    callApp: (call) => worker.downstream.call(call),
    rows: (table) => profile.database.table(table).toArray(),
    alarm: worker.alarm,
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await profile.database.delete();
    },
  };
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandInputs, name);
