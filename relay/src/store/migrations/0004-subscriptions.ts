import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What a session listens to outlives the process, as the session does. */
export const subscriptions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable("sessions")
      .addColumn("subscriptions", "text", (column) => column.notNull().defaultTo("[]"))
      .execute();
  },
};
