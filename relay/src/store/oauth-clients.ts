import type { Kysely } from "kysely";
import { z } from "zod";
import type { Tables } from "./tables.ts";

const metadataSchema = z.record(z.string(), z.unknown());

/**
 * Keeps a registered client within `cap` clients in all: the longest unseen ones without a live grant make room.
 * False when every place is taken by a client in use.
 */
export async function insertClient(
  db: Kysely<Tables>,
  client: { clientId: string; metadata: Record<string, unknown>; now: number; cap: number },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const known = await transaction
      .updateTable("oauth_clients")
      .set({ last_seen_at: client.now })
      .where("client_id", "=", client.clientId)
      .executeTakeFirst();
    if (known.numUpdatedRows === 1n) return true;
    if (!(await makeRoom(transaction, client.cap - 1))) return false;
    await transaction
      .insertInto("oauth_clients")
      .values({
        client_id: client.clientId,
        metadata: JSON.stringify(client.metadata),
        created_at: client.now,
        last_seen_at: client.now,
      })
      .execute();
    return true;
  });
}

export async function findClient(db: Kysely<Tables>, clientId: string): Promise<Record<string, unknown> | null> {
  const row = await db
    .selectFrom("oauth_clients")
    .select("metadata")
    .where("client_id", "=", clientId)
    .executeTakeFirst();
  return row === undefined ? null : metadataSchema.parse(JSON.parse(row.metadata));
}

/** Removes clients not seen since `before`, unless a grant of theirs is still remembered: they may come back. */
export async function deleteUnusedClients(db: Kysely<Tables>, before: number): Promise<void> {
  await db
    .deleteFrom("oauth_clients")
    .where("last_seen_at", "<", before)
    .where("client_id", "not in", db.selectFrom("grants").select("grants.client_id"))
    .execute();
}

async function makeRoom(db: Kysely<Tables>, keep: number): Promise<boolean> {
  const count = async (): Promise<number> => {
    const { stored } = await db
      .selectFrom("oauth_clients")
      .select((eb) => eb.fn.countAll<number>().as("stored"))
      .executeTakeFirstOrThrow();
    return stored;
  };
  const stored = await count();
  if (stored <= keep) return true;
  const unused = db
    .selectFrom("oauth_clients")
    .select("client_id")
    .where("client_id", "not in", clientsInUse(db))
    .orderBy("last_seen_at")
    .limit(stored - keep);
  await db.deleteFrom("oauth_clients").where("client_id", "in", unused).execute();
  return (await count()) <= keep;
}

const clientsInUse = (db: Kysely<Tables>) =>
  db.selectFrom("grants").select("grants.client_id").where("grants.ended_at", "is", null);
