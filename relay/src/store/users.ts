import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export type UserRow = { userId: string; name: string; administrator: boolean };

export async function insertUser(db: Kysely<Tables>, user: UserRow & { createdAt: number }): Promise<void> {
  await db
    .insertInto("users")
    .values({
      user_id: user.userId,
      name: user.name,
      administrator: user.administrator ? 1 : 0,
      created_at: user.createdAt,
    })
    .execute();
}

export async function findUser(db: Kysely<Tables>, userId: string): Promise<UserRow | null> {
  const row = await db.selectFrom("users").selectAll().where("user_id", "=", userId).executeTakeFirst();
  return row === undefined ? null : { userId: row.user_id, name: row.name, administrator: row.administrator === 1 };
}

export async function setPreferredDevice(db: Kysely<Tables>, userId: string, deviceId: string | null): Promise<void> {
  await db.updateTable("users").set({ preferred_device_id: deviceId }).where("user_id", "=", userId).execute();
}

/** The administrator who came first, if there is one. */
export async function findAdministrator(db: Kysely<Tables>): Promise<string | null> {
  const row = await db
    .selectFrom("users")
    .select("user_id")
    .where("administrator", "=", 1)
    .orderBy("created_at")
    .executeTakeFirst();
  return row?.user_id ?? null;
}

export async function hasAdministratorDevice(db: Kysely<Tables>): Promise<boolean> {
  const row = await db
    .selectFrom("devices")
    .innerJoin("users", "users.user_id", "devices.user_id")
    .select("devices.device_id")
    .where("users.administrator", "=", 1)
    .where("devices.revoked_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}
