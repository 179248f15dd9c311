import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Where a person wants calls executed; null for wherever it was last active. */
export const preferredDevice: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("users").addColumn("preferred_device_id", "text").execute();
  },
};
