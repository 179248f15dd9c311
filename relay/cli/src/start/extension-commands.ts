import { isErrorCode, type ErrorDetail } from "@agent-personas/shared/errors/codes";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Page } from "puppeteer-core";
import { z } from "zod";
import { within } from "./within.ts";

const replySchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), detail: z.record(z.string(), z.string()) }),
  }),
]);

const COMMAND_MS = 60_000;

/** The extension as its own pages use it: commands to the background, lists from its database. */
export type ExtensionCommands = {
  /** @throws AppError that the background answered */
  run: <T>(command: string, input: Record<string, unknown>, answer: z.ZodType<T>) => Promise<T>;
  /** All rows of a table; rows that `row` does not know are left out. */
  rows: <T>(table: string, row: z.ZodType<T>) => Promise<T[]>;
  /** Tells a paired extension that its relay has moved to another port of this computer. */
  moveRelay: (relayUrl: string) => Promise<void>;
};

export function extensionCommands(page: Page, signal: AbortSignal): ExtensionCommands {
  const evaluate = (script: string, what: string): Promise<unknown> =>
    within(page.evaluate(script), { ms: COMMAND_MS, otherwise: `The extension did not answer (${what}).`, signal });
  return {
    async run(command, input, answer) {
      const message = JSON.stringify({ command, input });
      const reply = replySchema.parse(await evaluate(`chrome.runtime.sendMessage(${message})`, command));
      if (reply.ok) return answer.parse(reply.value);
      throw toError(reply.error);
    },
    async rows(table, row) {
      const rows = z.array(z.unknown()).parse(await evaluate(readTable(table), table));
      return rows.flatMap((value) => {
        const parsed = row.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      });
    },
    async moveRelay(relayUrl) {
      await evaluate(writeRelayUrl(relayUrl), "relay");
    },
  };
}

function toError({ code, detail }: { code: string; detail: ErrorDetail }): AppError {
  return new AppError(isErrorCode(code) ? code : "internal_error", { detail });
}

/** Only the address: the pairing, which is between the two keys, stays as it is. */
function writeRelayUrl(relayUrl: string): string {
  return `new Promise((resolve, reject) => {
    const open = indexedDB.open("agent-personas");
    open.onerror = () => reject(new Error("the database cannot be opened"));
    open.onsuccess = () => {
      const change = open.result.transaction("relay", "readwrite");
      const relays = change.objectStore("relay");
      const read = relays.get("relay");
      read.onsuccess = () => relays.put({ ...read.result, relayUrl: ${JSON.stringify(relayUrl)} });
      change.onabort = () => reject(new Error("the relay cannot be changed"));
      change.oncomplete = () => { open.result.close(); resolve(true); };
    };
  })`;
}

/** Read through JSON, since keys and binary rows do not travel. */
function readTable(table: string): string {
  return `new Promise((resolve, reject) => {
    const open = indexedDB.open("agent-personas");
    open.onerror = () => reject(new Error("the database cannot be opened"));
    open.onsuccess = () => {
      const all = open.result.transaction(${JSON.stringify(table)}).objectStore(${JSON.stringify(table)}).getAll();
      all.onerror = () => reject(new Error("the table cannot be read"));
      all.onsuccess = () => { open.result.close(); resolve(JSON.parse(JSON.stringify(all.result))); };
    };
  })`;
}
