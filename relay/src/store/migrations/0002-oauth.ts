import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

export const oauth: Migration = {
  up: async (db: Kysely<unknown>) => {
    await createGrants(db);
    await createProtocolState(db);
  },
};

async function createGrants(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("grants")
    .addColumn("grant_id", "text", (column) => column.primaryKey())
    .addColumn("persona_id", "text", (column) => column.notNull().references("personas.persona_id").onDelete("cascade"))
    .addColumn("user_id", "text", (column) => column.notNull().references("users.user_id").onDelete("cascade"))
    .addColumn("key_id", "text", (column) => column.references("access_keys.key_id").onDelete("cascade"))
    .addColumn("client_id", "text", (column) => column.notNull())
    .addColumn("client_name", "text", (column) => column.notNull())
    .addColumn("redirect_host", "text", (column) => column.notNull())
    .addColumn("resource", "text", (column) => column.notNull())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("tools", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("activated_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("ended_for_reuse_at", "bigint")
    .execute();
  await db.schema.createIndex("grants_persona").on("grants").column("persona_id").execute();
  await db.schema.createIndex("grants_user").on("grants").column("user_id").execute();
  await db.schema.createIndex("grants_key").on("grants").column("key_id").execute();
  await db.schema.createIndex("grants_client").on("grants").column("client_id").execute();
}

async function createProtocolState(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("oauth_clients")
    .addColumn("client_id", "text", (column) => column.primaryKey())
    .addColumn("metadata", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_seen_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("oauth_clients_seen").on("oauth_clients").column("last_seen_at").execute();
  await db.schema
    .createTable("oauth_records")
    .addColumn("record_hash", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("grant_id", "text")
    .addColumn("payload", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("consumed_at", "bigint")
    .execute();
  await db.schema.createIndex("oauth_records_grant").on("oauth_records").columns(["grant_id", "kind"]).execute();
  await db.schema.createIndex("oauth_records_expiry").on("oauth_records").column("expires_at").execute();
  await db.schema
    .createTable("signing_keys")
    .addColumn("kid", "text", (column) => column.primaryKey())
    .addColumn("private_jwk", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("signs_from", "bigint", (column) => column.notNull())
    .execute();
}
