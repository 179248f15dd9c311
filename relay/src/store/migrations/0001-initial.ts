import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

export const initial: Migration = {
  up: async (db: Kysely<unknown>) => {
    await createPeople(db);
    await createPersonas(db);
    await createCallers(db);
  },
};

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("meta")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("users")
    .addColumn("user_id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("administrator", "integer", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("devices")
    .addColumn("device_id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("users.user_id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("public_key", "text", (column) => column.notNull().unique())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_seen_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .execute();
  await db.schema.createIndex("devices_user").on("devices").column("user_id").execute();
  await db.schema
    .createTable("pairing_codes")
    .addColumn("code_hash", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.references("users.user_id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .execute();
  await db.schema
    .createTable("links")
    .addColumn("link_id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("users.user_id").onDelete("cascade"))
    .addColumn("creator_device_id", "text", (column) => column.notNull().references("devices.device_id"))
    .addColumn("code_hash", "text", (column) => column.notNull().unique())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("requested_name", "text")
    .addColumn("requested_key", "text")
    .addColumn("device_id", "text", (column) => column.references("devices.device_id"))
    .execute();
}

async function createPersonas(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("personas")
    .addColumn("persona_id", "text", (column) => column.primaryKey())
    .addColumn("slug", "text", (column) => column.notNull().unique())
    .addColumn("owner_id", "text", (column) => column.notNull().references("users.user_id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint")
    .execute();
  await db.schema.createIndex("personas_owner").on("personas").column("owner_id").execute();
  await db.schema
    .createTable("persona_versions")
    .addColumn("persona_id", "text", (column) => column.notNull().references("personas.persona_id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("author_device_id", "text", (column) => column.notNull().references("devices.device_id"))
    .addColumn("signed", "text", (column) => column.notNull())
    .addColumn("saved_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("persona_versions_key", ["persona_id", "version"])
    .execute();
  await db.schema
    .createTable("acceptances")
    .addColumn("persona_id", "text", (column) => column.notNull().references("personas.persona_id").onDelete("cascade"))
    .addColumn("device_id", "text", (column) => column.notNull().references("devices.device_id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("accepted_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("acceptances_key", ["persona_id", "device_id"])
    .execute();
}

async function createCallers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("access_keys")
    .addColumn("key_id", "text", (column) => column.primaryKey())
    .addColumn("persona_id", "text", (column) => column.notNull().references("personas.persona_id").onDelete("cascade"))
    .addColumn("creator_id", "text", (column) => column.notNull().references("users.user_id").onDelete("cascade"))
    .addColumn("key_hash", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("prefix", "text", (column) => column.notNull())
    .addColumn("last4", "text", (column) => column.notNull())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("tools", "text")
    .addColumn("device_id", "text", (column) => column.references("devices.device_id"))
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("disabled_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .addColumn("leaked_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .addColumn("last_client", "text")
    .execute();
  await db.schema.createIndex("access_keys_persona").on("access_keys").column("persona_id").execute();
  await db.schema
    .createTable("sessions")
    .addColumn("session_id", "text", (column) => column.primaryKey())
    .addColumn("persona_id", "text", (column) => column.notNull())
    .addColumn("principal_id", "text", (column) => column.notNull())
    .addColumn("protocol", "text", (column) => column.notNull())
    .addColumn("initialize", "text", (column) => column.notNull())
    .addColumn("log_level", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("sessions_principal").on("sessions").column("principal_id").execute();
  await db.schema.createIndex("sessions_persona").on("sessions").column("persona_id").execute();
  await db.schema.createIndex("sessions_idle").on("sessions").column("last_used_at").execute();
  await db.schema
    .createTable("audit")
    .addColumn("audit_id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("user_id", "text")
    .addColumn("device_id", "text")
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("detail", "text", (column) => column.notNull())
    .execute();
}
