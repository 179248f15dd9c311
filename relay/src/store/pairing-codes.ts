import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

type PairingCodeRow = { kind: "setup" | "recovery"; userId: string | null };

/** Stores a code and ends every other of its kind for the same person. */
export async function replaceCode(
  db: Kysely<Tables>,
  code: PairingCodeRow & { codeHash: string; createdAt: number },
): Promise<void> {
  await db
    .deleteFrom("pairing_codes")
    .where("kind", "=", code.kind)
    .where((eb) => (code.kind === "setup" ? eb.lit(true) : eb("user_id", "=", code.userId)))
    .execute();
  await db
    .insertInto("pairing_codes")
    .values({
      code_hash: code.codeHash,
      kind: code.kind,
      user_id: code.userId,
      created_at: code.createdAt,
      used_at: null,
    })
    .execute();
}

/** Uses a code up in one statement, so that of two attempts one wins; null when unknown or used. */
export async function useCode(db: Kysely<Tables>, codeHash: string, now: number): Promise<PairingCodeRow | null> {
  const row = await db
    .updateTable("pairing_codes")
    .set({ used_at: now })
    .where("code_hash", "=", codeHash)
    .where("used_at", "is", null)
    .returning(["kind", "user_id"])
    .executeTakeFirst();
  return row === undefined ? null : { kind: row.kind, userId: row.user_id };
}

export async function hasSetupCode(db: Kysely<Tables>): Promise<boolean> {
  const row = await db.selectFrom("pairing_codes").select("code_hash").where("kind", "=", "setup").executeTakeFirst();
  return row !== undefined;
}
