import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What clients can ask for again after the relay has restarted; unreadable without what only the client holds. */
export const streamEvents: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("stream_events")
      .addColumn("stream_hash", "text", (column) => column.notNull())
      .addColumn("seq", "integer", (column) => column.notNull())
      .addColumn("sealed", "text", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("stream_events_key", ["stream_hash", "seq"])
      .execute();
    await db.schema.createIndex("stream_events_age").on("stream_events").column("created_at").execute();
  },
};
