import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import { StartError } from "../start-error.ts";
import { migrate } from "./migrate.ts";
import { createSessionStore } from "./session-store.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Opens the database in a folder, made for its owner only; `:memory:` opens one that vanishes. */
export async function openStore(folder: string): Promise<Store> {
  if (folder === ":memory:") return openDatabase(folder);
  const path = join(folder, "relay.sqlite");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(path, "a", 0o600)).close();
  } catch (cause) {
    throw new StartError(`The data folder ${folder} cannot be written. Set DATA_DIR to another one.`, { cause });
  }
  return openDatabase(path);
}

async function openDatabase(path: string): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(path) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    sessions: createSessionStore(db),
    ready: async () => {
      try {
        await sql`select 1`.execute(db);
        return true;
      } catch {
        return false;
      }
    },
    close: () => db.destroy(),
  };
}
