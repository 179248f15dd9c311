import { existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { z } from "zod";

/** What is put into a table and removed from it, by keys. */
export type Change = { table: string; put: [key: string, value: unknown][]; remove: string[] };

/** Values of tables by keys. */
export type Tables = Map<string, Map<string, unknown>>;

/** A file that has whatever was committed when its process is killed at any moment, as a browser's storage has. */
export type Journal = {
  /** What was committed before it was opened. */
  tables: Tables;
  /** Written, all or nothing, before this returns. */
  commit: (changes: readonly Change[]) => void;
};

const HEAD_BYTES = 4;

const commitSchema = z.array(
  z.object({ table: z.string(), put: z.array(z.tuple([z.string(), z.unknown()])), remove: z.array(z.string()) }),
);

export function openJournal(file: string): Journal {
  const tables = readJournal(file);
  // Written anew: without what was replaced, and without the beginning of a commit that was cut off.
  const all = [...tables].map(([table, values]) => ({ table, put: [...values], remove: [] }));
  writeFileSync(`${file}.new`, frame(all));
  renameSync(`${file}.new`, file);
  const target = openSync(file, "a");
  return {
    tables,
    commit: (changes) => {
      const bytes = frame(changes);
      if (writeSync(target, bytes) !== bytes.length) throw new Error("The disk is full.");
    },
  };
}

/** What is committed in a journal that another process may be writing. */
export function readJournal(file: string): Tables {
  const tables: Tables = new Map();
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const end = at + HEAD_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    apply(tables, commitSchema.parse(deserialize(bytes.subarray(at + HEAD_BYTES, end))));
    at = end;
  }
  return tables;
}

function apply(tables: Tables, changes: readonly Change[]): void {
  for (const { table, put, remove } of changes) {
    const values = tables.get(table) ?? new Map<string, unknown>();
    tables.set(table, values);
    for (const [key, value] of put) values.set(key, value);
    for (const key of remove) values.delete(key);
  }
}

function frame(changes: readonly Change[]): Buffer {
  const body = serialize(changes);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}
