import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { Kysely, Selectable } from "kysely";
import type { Tables } from "./tables.ts";

export type DeviceRow = {
  deviceId: string;
  userId: string;
  name: string;
  publicKey: PublicKey;
  createdAt: number;
  lastSeenAt: number | null;
  /** Its person wants calls executed there. */
  preferred: boolean;
};

export async function insertDevice(
  db: Kysely<Tables>,
  device: Omit<DeviceRow, "lastSeenAt" | "preferred">,
): Promise<void> {
  await db
    .insertInto("devices")
    .values({
      device_id: device.deviceId,
      user_id: device.userId,
      name: device.name,
      public_key: writeKey(device.publicKey),
      created_at: device.createdAt,
      last_seen_at: null,
      revoked_at: null,
    })
    .execute();
}

/** null when unknown or revoked. */
export async function findDevice(db: Kysely<Tables>, deviceId: string): Promise<DeviceRow | null> {
  const row = await selectDevices(db)
    .where("device_id", "=", deviceId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

/** The key of a device, revoked or not: what it signed before stays verifiable. */
export async function findDeviceKey(db: Kysely<Tables>, deviceId: string): Promise<PublicKey | null> {
  const row = await db.selectFrom("devices").select("public_key").where("device_id", "=", deviceId).executeTakeFirst();
  return row === undefined ? null : readKey(row.public_key);
}

export async function isKeyKnown(db: Kysely<Tables>, publicKey: PublicKey): Promise<boolean> {
  const row = await db
    .selectFrom("devices")
    .select("device_id")
    .where("public_key", "=", writeKey(publicKey))
    .executeTakeFirst();
  return row !== undefined;
}

/** Not revoked, most recently seen first. */
export async function listDevices(db: Kysely<Tables>, userId: string): Promise<DeviceRow[]> {
  const rows = await selectDevices(db)
    .where("devices.user_id", "=", userId)
    .where("revoked_at", "is", null)
    .orderBy((eb) => eb.fn.coalesce("last_seen_at", "created_at"), "desc")
    .execute();
  return rows.map(readRow);
}

export async function renameDevice(db: Kysely<Tables>, deviceId: string, name: string): Promise<void> {
  await db.updateTable("devices").set({ name }).where("device_id", "=", deviceId).execute();
}

/** Revokes a device unless it is its person's last; false when it is. */
export async function revokeDeviceRow(
  db: Kysely<Tables>,
  device: { deviceId: string; userId: string },
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable("devices")
    .set({ revoked_at: now })
    .where("device_id", "=", device.deviceId)
    .where("revoked_at", "is", null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("devices as other")
          .select("other.device_id")
          .where("other.user_id", "=", device.userId)
          .where("other.device_id", "!=", device.deviceId)
          .where("other.revoked_at", "is", null),
      ),
    )
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

const selectDevices = (db: Kysely<Tables>) =>
  db
    .selectFrom("devices")
    .selectAll("devices")
    .select((eb) =>
      eb
        .selectFrom("users")
        .select("users.preferred_device_id")
        .whereRef("users.user_id", "=", "devices.user_id")
        .as("preferred_device_id"),
    );

/** One form, so that equal keys are equal text. */
function writeKey({ kty, crv, x, y }: PublicKey): string {
  return JSON.stringify({ kty, crv, x, y });
}

const readKey = (text: string): PublicKey => publicKeySchema.parse(JSON.parse(text));

function readRow(row: Selectable<Tables["devices"]> & { preferred_device_id: string | null }): DeviceRow {
  return {
    deviceId: row.device_id,
    userId: row.user_id,
    name: row.name,
    publicKey: readKey(row.public_key),
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    preferred: row.preferred_device_id === row.device_id,
  };
}
