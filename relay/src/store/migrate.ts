import type { Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import { StartError } from "../start-error.ts";
import { initial } from "./migrations/0001-initial.ts";
import { oauth } from "./migrations/0002-oauth.ts";
import { limits } from "./migrations/0003-limits.ts";
import { subscriptions } from "./migrations/0004-subscriptions.ts";
import { streamEvents } from "./migrations/0005-stream-events.ts";
import { preferredDevice } from "./migrations/0006-preferred-device.ts";
import type { Tables } from "./tables.ts";

/** In order; a migration that was ever released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-initial": initial,
  "0002-oauth": oauth,
  "0003-limits": limits,
  "0004-subscriptions": subscriptions,
  "0005-stream-events": streamEvents,
  "0006-preferred-device": preferredDevice,
};

/**
 * Brings the database to the shape this code knows, all or nothing.
 * @throws StartError when the database was written by newer code.
 */
export async function migrate(db: Kysely<Tables>, migrations = MIGRATIONS): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const newer = (await appliedMigrations(db)).filter((name) => !(name in migrations));
  if (newer.length > 0) {
    throw new StartError(
      `The database was written by a newer version of the relay (${newer.join(", ")}). Update the relay, or restore a backup that fits this version.`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new StartError("The database could not be brought up to date.", { cause: error });
}

async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map((row) => row.name);
}
