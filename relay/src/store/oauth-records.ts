import type { Kysely } from "kysely";
import { z } from "zod";
import type { Tables } from "./tables.ts";

/** Codes, refresh tokens and open sign-ins of the protocol engine; found by the SHA-256 of their value only. */
export type RecordRow = {
  recordHash: string;
  kind: string;
  grantId: string | null;
  payload: Record<string, unknown>;
  createdAt: number;
  expiresAt: number;
  consumedAt: number | null;
};

const payloadSchema = z.record(z.string(), z.unknown());

/** Writes a record; one that exists keeps when it was consumed. */
export async function upsertRecord(db: Kysely<Tables>, row: Omit<RecordRow, "consumedAt">): Promise<void> {
  const values = {
    record_hash: row.recordHash,
    kind: row.kind,
    grant_id: row.grantId,
    payload: JSON.stringify(row.payload),
    created_at: row.createdAt,
    expires_at: row.expiresAt,
  };
  await db
    .insertInto("oauth_records")
    .values({ ...values, consumed_at: null })
    .onConflict((conflict) =>
      conflict.column("record_hash").doUpdateSet({ payload: values.payload, expires_at: values.expires_at }),
    )
    .execute();
}

export async function findRecord(db: Kysely<Tables>, recordHash: string): Promise<RecordRow | null> {
  const row = await db.selectFrom("oauth_records").selectAll().where("record_hash", "=", recordHash).executeTakeFirst();
  if (row === undefined) return null;
  return {
    recordHash: row.record_hash,
    kind: row.kind,
    grantId: row.grant_id,
    payload: payloadSchema.parse(JSON.parse(row.payload)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    consumedAt: row.consumed_at,
  };
}

/** True for exactly one caller. */
export async function consumeRecord(db: Kysely<Tables>, recordHash: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("oauth_records")
    .set({ consumed_at: now })
    .where("record_hash", "=", recordHash)
    .where("consumed_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Replaces what a record holds, if it still holds what was read. */
export async function replaceRecord(
  db: Kysely<Tables>,
  read: Pick<RecordRow, "recordHash" | "payload">,
  payload: Record<string, unknown>,
): Promise<boolean> {
  const result = await db
    .updateTable("oauth_records")
    .set({ payload: JSON.stringify(payload) })
    .where("record_hash", "=", read.recordHash)
    .where("payload", "=", JSON.stringify(read.payload))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteRecord(db: Kysely<Tables>, recordHash: string): Promise<void> {
  await db.deleteFrom("oauth_records").where("record_hash", "=", recordHash).execute();
}

export async function deleteRecordsOfGrant(db: Kysely<Tables>, grantId: string, kind?: string): Promise<void> {
  const all = db.deleteFrom("oauth_records").where("grant_id", "=", grantId);
  await (kind === undefined ? all : all.where("kind", "=", kind)).execute();
}

export async function deleteExpiredRecords(db: Kysely<Tables>, now: number): Promise<void> {
  await db.deleteFrom("oauth_records").where("expires_at", "<=", now).execute();
}

/** Keeps the newest `keep` records of a kind. */
export async function deleteOldestRecords(db: Kysely<Tables>, kind: string, keep: number): Promise<void> {
  const { stored } = await db
    .selectFrom("oauth_records")
    .select((eb) => eb.fn.countAll<number>().as("stored"))
    .where("kind", "=", kind)
    .executeTakeFirstOrThrow();
  if (stored <= keep) return;
  const oldest = db
    .selectFrom("oauth_records")
    .select("record_hash")
    .where("kind", "=", kind)
    .orderBy("created_at")
    .limit(stored - keep);
  await db.deleteFrom("oauth_records").where("record_hash", "in", oldest).execute();
}

/** Keeps the newest `keep` retired records of one grant. */
export async function deleteOldestRetired(db: Kysely<Tables>, grantId: string, keep: number): Promise<void> {
  const kept = db
    .selectFrom("oauth_records")
    .select("record_hash")
    .where("grant_id", "=", grantId)
    .where("consumed_at", "is not", null)
    .orderBy("consumed_at", "desc")
    .limit(keep);
  await db
    .deleteFrom("oauth_records")
    .where("grant_id", "=", grantId)
    .where("consumed_at", "is not", null)
    .where("record_hash", "not in", kept)
    .execute();
}
