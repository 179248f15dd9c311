import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Limits stand with what they limit, so that they go with it. Null is unlimited, or the relay's own number. */
export const limits: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const table of ["users", "personas"]) {
      await db.schema.alterTable(table).addColumn("requests_per_minute", "integer").execute();
    }
    for (const table of ["users", "personas", "access_keys"]) {
      await db.schema.alterTable(table).addColumn("monthly_calls", "bigint").execute();
      await db.schema.alterTable(table).addColumn("monthly_cents", "bigint").execute();
    }
    await db.schema
      .createTable("monthly_usage")
      .addColumn("month", "text", (column) => column.notNull())
      .addColumn("subject_id", "text", (column) => column.notNull())
      .addColumn("calls", "bigint", (column) => column.notNull())
      .addColumn("millicents", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("monthly_usage_key", ["month", "subject_id"])
      .execute();
  },
};
