import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** One message of a stream, sealed for whoever can name the stream. */
export type StreamEventRow = { streamHash: string; seq: number; sealed: string; createdAt: number };

/** Rows of one statement; SQLite takes a limited number of parameters. */
const ROWS = 500;

export async function writeStreamEvents(
  db: Kysely<Tables>,
  { add, drop }: { add: readonly StreamEventRow[]; drop: readonly string[] },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const rows of chunks(add)) {
      await transaction
        .insertInto("stream_events")
        .values(
          rows.map(({ streamHash, seq, sealed, createdAt }) => ({
            stream_hash: streamHash,
            seq,
            sealed,
            created_at: createdAt,
          })),
        )
        .onConflict((conflict) => conflict.columns(["stream_hash", "seq"]).doNothing())
        .execute();
    }
    for (const hashes of chunks(drop)) {
      await transaction.deleteFrom("stream_events").where("stream_hash", "in", hashes).execute();
    }
  });
}

/** In order. */
export async function findStreamEvents(db: Kysely<Tables>, streamHash: string): Promise<StreamEventRow[]> {
  const rows = await db
    .selectFrom("stream_events")
    .selectAll()
    .where("stream_hash", "=", streamHash)
    .orderBy("seq")
    .execute();
  return rows.map((row) => ({
    streamHash: row.stream_hash,
    seq: row.seq,
    sealed: row.sealed,
    createdAt: row.created_at,
  }));
}

export async function deleteStreamEventsBefore(db: Kysely<Tables>, before: number): Promise<void> {
  await db.deleteFrom("stream_events").where("created_at", "<", before).execute();
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS) }, (_, n) => items.slice(n * ROWS, (n + 1) * ROWS));
}
