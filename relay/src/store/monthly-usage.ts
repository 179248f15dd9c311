import { sql, type Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Calls, and thousandths of a cent so that sums stay whole numbers. */
export type Amount = { calls: number; millicents: number };

/** What a person, persona or key has used in a month, `2026-11`. */
export async function findUsage(db: Kysely<Tables>, month: string, subjectId: string): Promise<Amount> {
  const row = await db
    .selectFrom("monthly_usage")
    .select(["calls", "millicents"])
    .where("month", "=", month)
    .where("subject_id", "=", subjectId)
    .executeTakeFirst();
  return row ?? { calls: 0, millicents: 0 };
}

/** Adds to what is stored, so that several writers lose nothing of each other. */
export async function addUsage(db: Kysely<Tables>, used: Amount & { month: string; subjectId: string }): Promise<void> {
  const { month, subjectId, calls, millicents } = used;
  await db
    .insertInto("monthly_usage")
    .values({ month, subject_id: subjectId, calls, millicents })
    .onConflict((conflict) =>
      conflict.columns(["month", "subject_id"]).doUpdateSet({
        calls: sql<number>`monthly_usage.calls + excluded.calls`,
        millicents: sql<number>`monthly_usage.millicents + excluded.millicents`,
      }),
    )
    .execute();
}

export async function deleteUsageBefore(db: Kysely<Tables>, month: string): Promise<void> {
  await db.deleteFrom("monthly_usage").where("month", "<", month).execute();
}
