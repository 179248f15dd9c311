import "fake-indexeddb/auto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openDatabase } from "../../db/database.ts";
import type { SessionStore } from "../../lib/session-store.ts";
import { memorySessionStore } from "../memory-session-store.ts";
import { openJournal, readJournal, type Change } from "./journal.ts";
import type { Profile } from "./platform.ts";
import { recordCommits } from "./record-commits.ts";
import { withKeysLoaded, withKeysStored } from "./stored-keys.ts";

const fileOf = (folder: string, what: "database" | "session"): string => join(folder, what);
const rowSchema = z.looseObject({});
const SESSION = "session";

/** A profile that outlives the process which uses it; one process at a time. */
export async function openStoredProfile(folder: string): Promise<Profile> {
  return { database: await openStoredDatabase(fileOf(folder, "database")), session: openStoredSession(folder) };
}

/** All rows of a table of the profile, whether its process runs or not. Keys are not made into keys. */
export const readRows = (folder: string, table: string): unknown[] =>
  [...(readJournal(fileOf(folder, "database")).get(table) ?? [])]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, row]) => row);

/** The browser is closed. */
export const forgetSession = (folder: string): void => rmSync(fileOf(folder, "session"), { force: true });

async function openStoredDatabase(file: string): Promise<Profile["database"]> {
  const journal = openJournal(file);
  const name = `node-device-${crypto.randomUUID()}`;
  // Filled by a connection of its own, which is not recorded.
  const before = openDatabase(name);
  for (const [table, rows] of journal.tables) {
    await before.table(table).bulkPut(await Promise.all([...rows.values()].map(loadRow)));
  }
  before.close();
  const database = openDatabase(name);
  recordCommits(database, (changes) => journal.commit(changes.map(storedChange)));
  return database;
}

const loadRow = (row: unknown): Promise<Record<string, unknown>> => withKeysLoaded(rowSchema.parse(row));

const storedChange = ({ table, put, remove }: Change): Change => ({
  table,
  put: put.map(([key, row]) => [key, withKeysStored(rowSchema.parse(row))]),
  remove,
});

function openStoredSession(folder: string): SessionStore {
  const journal = openJournal(fileOf(folder, "session"));
  return memorySessionStore(journal.tables.get(SESSION), (key, value) =>
    journal.commit([
      { table: SESSION, put: value === undefined ? [] : [[key, value]], remove: value === undefined ? [key] : [] },
    ]),
  );
}
