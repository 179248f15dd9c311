import type { Budget } from "@agent-personas/shared/api/limits";
import { scopesSchema, type Scope } from "@agent-personas/shared/persona/scope";
import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { Tables } from "./tables.ts";

export type KeyRow = {
  keyId: string;
  personaId: string;
  creatorId: string;
  name: string;
  prefix: string;
  last4: string;
  scopes: readonly Scope[];
  /** Slot and original name of each, as inbound/tool-refs.ts writes them; null for all of the persona. */
  tools: readonly string[] | null;
  deviceId: string | null;
  budget: Budget;
  createdAt: number;
  expiresAt: number | null;
  disabledAt: number | null;
  revokedAt: number | null;
  leakedAt: number | null;
  lastUsedAt: number | null;
  lastClient: string | null;
};

/** What decides a request by key, read in one indexed select. */
export type PresentedKey = KeyRow & {
  /** The creator has a device that is not revoked. */
  creatorHasDevice: boolean;
  /** The device that the key names, if it names one, is not revoked. */
  deviceUsable: boolean;
};

const toolsSchema = z.array(z.string());

export async function insertKey(
  db: Kysely<Tables>,
  key: Omit<KeyRow, "disabledAt" | "revokedAt" | "leakedAt" | "lastUsedAt" | "lastClient"> & { keyHash: string },
): Promise<void> {
  await db
    .insertInto("access_keys")
    .values({
      key_id: key.keyId,
      persona_id: key.personaId,
      creator_id: key.creatorId,
      key_hash: key.keyHash,
      name: key.name,
      prefix: key.prefix,
      last4: key.last4,
      scopes: JSON.stringify(key.scopes),
      tools: key.tools === null ? null : JSON.stringify(key.tools),
      device_id: key.deviceId,
      monthly_calls: key.budget.calls,
      monthly_cents: key.budget.cents,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      disabled_at: null,
      revoked_at: null,
      leaked_at: null,
      last_used_at: null,
      last_client: null,
    })
    .execute();
}

export async function findPresentedKey(
  db: Kysely<Tables>,
  by: { keyHash: string } | { keyId: string },
): Promise<PresentedKey | null> {
  const [column, value] = "keyHash" in by ? (["key_hash", by.keyHash] as const) : (["key_id", by.keyId] as const);
  const row = await db
    .selectFrom("access_keys")
    .selectAll("access_keys")
    .select((eb) => [
      eb
        .selectFrom("devices")
        .select((device) => device.fn.countAll<number>().as("count"))
        .whereRef("devices.user_id", "=", "access_keys.creator_id")
        .where("devices.revoked_at", "is", null)
        .as("creator_devices"),
      eb
        .selectFrom("devices")
        .select((device) => device.fn.countAll<number>().as("count"))
        .whereRef("devices.device_id", "=", "access_keys.device_id")
        .where("devices.revoked_at", "is", null)
        .as("named_devices"),
    ])
    .where(column, "=", value)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ...readRow(row),
    creatorHasDevice: (row.creator_devices ?? 0) > 0,
    deviceUsable: row.device_id === null || row.named_devices === 1,
  };
}

export async function findKey(db: Kysely<Tables>, keyId: string): Promise<KeyRow | null> {
  const row = await db.selectFrom("access_keys").selectAll().where("key_id", "=", keyId).executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

export async function listKeys(db: Kysely<Tables>, personaId: string): Promise<KeyRow[]> {
  const rows = await db
    .selectFrom("access_keys")
    .selectAll()
    .where("persona_id", "=", personaId)
    .orderBy("created_at", "desc")
    .execute();
  return rows.map(readRow);
}

export async function listKeysOfDevice(db: Kysely<Tables>, deviceId: string): Promise<string[]> {
  const rows = await db.selectFrom("access_keys").select("key_id").where("device_id", "=", deviceId).execute();
  return rows.map((row) => row.key_id);
}

export async function countKeys(db: Kysely<Tables>, personaId: string): Promise<number> {
  const row = await db
    .selectFrom("access_keys")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("persona_id", "=", personaId)
    .where("revoked_at", "is", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function updateKey(
  db: Kysely<Tables>,
  keyId: string,
  change: Partial<Pick<KeyRow, "name" | "scopes" | "tools" | "budget" | "disabledAt">>,
): Promise<void> {
  await db
    .updateTable("access_keys")
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.scopes === undefined ? {} : { scopes: JSON.stringify(change.scopes) }),
      ...(change.tools === undefined ? {} : { tools: change.tools === null ? null : JSON.stringify(change.tools) }),
      ...(change.budget === undefined
        ? {}
        : { monthly_calls: change.budget.calls, monthly_cents: change.budget.cents }),
      ...(change.disabledAt === undefined ? {} : { disabled_at: change.disabledAt }),
    })
    .where("key_id", "=", keyId)
    .where("revoked_at", "is", null)
    .execute();
}

/** False when it was revoked before. */
export async function revokeKeyRow(db: Kysely<Tables>, keyId: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("access_keys")
    .set({ revoked_at: now })
    .where("key_id", "=", keyId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Flags a key as seen where logs keep it; null when unknown or flagged before. */
export async function flagLeakedKey(
  db: Kysely<Tables>,
  keyHash: string,
  now: number,
): Promise<{ keyId: string; creatorId: string } | null> {
  const row = await db
    .updateTable("access_keys")
    .set({ leaked_at: now })
    .where("key_hash", "=", keyHash)
    .where("leaked_at", "is", null)
    .returning(["key_id", "creator_id"])
    .executeTakeFirst();
  return row === undefined ? null : { keyId: row.key_id, creatorId: row.creator_id };
}

function readRow(row: Selectable<Tables["access_keys"]>): KeyRow {
  return {
    keyId: row.key_id,
    personaId: row.persona_id,
    creatorId: row.creator_id,
    name: row.name,
    prefix: row.prefix,
    last4: row.last4,
    scopes: scopesSchema.parse(JSON.parse(row.scopes)),
    tools: row.tools === null ? null : toolsSchema.parse(JSON.parse(row.tools)),
    deviceId: row.device_id,
    budget: { calls: row.monthly_calls, cents: row.monthly_cents },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    disabledAt: row.disabled_at,
    revokedAt: row.revoked_at,
    leakedAt: row.leaked_at,
    lastUsedAt: row.last_used_at,
    lastClient: row.last_client,
  };
}
