import { NO_BUDGET, type Budget, type LimitSettings } from "@agent-personas/shared/api/limits";
import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** What has limits of its own. */
export type LimitSubject = { kind: "person" | "persona" | "key"; id: string };

export const NO_LIMITS: LimitSettings = { requestsPerMinute: null, budget: NO_BUDGET };

const COLUMNS = ["requests_per_minute", "monthly_calls", "monthly_cents"] as const;

/** The limits that were set; none for what is not there. */
export async function findLimits(db: Kysely<Tables>, { kind, id }: LimitSubject): Promise<LimitSettings> {
  switch (kind) {
    case "person":
      return read(await db.selectFrom("users").select(COLUMNS).where("user_id", "=", id).executeTakeFirst());
    case "persona":
      return read(await db.selectFrom("personas").select(COLUMNS).where("persona_id", "=", id).executeTakeFirst());
    case "key": {
      const row = await db
        .selectFrom("access_keys")
        .select(["monthly_calls", "monthly_cents"])
        .where("key_id", "=", id)
        .executeTakeFirst();
      return read(row === undefined ? undefined : { ...row, requests_per_minute: null });
    }
  }
}

export async function updatePersonLimits(db: Kysely<Tables>, userId: string, limits: LimitSettings): Promise<void> {
  await db.updateTable("users").set(toColumns(limits)).where("user_id", "=", userId).execute();
}

export async function updatePersonaLimits(db: Kysely<Tables>, personaId: string, limits: LimitSettings): Promise<void> {
  await db.updateTable("personas").set(toColumns(limits)).where("persona_id", "=", personaId).execute();
}

/** The personas of a person with what was set for each. */
export async function listPersonaLimits(
  db: Kysely<Tables>,
  ownerId: string,
): Promise<(LimitSettings & { personaId: string })[]> {
  const rows = await db
    .selectFrom("personas")
    .select(["persona_id", ...COLUMNS])
    .where("owner_id", "=", ownerId)
    .orderBy("persona_id")
    .execute();
  return rows.map((row) => ({ personaId: row.persona_id, ...read(row) }));
}

/** A person's keys that have a budget and were not revoked. */
export async function listKeyBudgets(
  db: Kysely<Tables>,
  creatorId: string,
): Promise<{ keyId: string; personaId: string; budget: Budget }[]> {
  const rows = await db
    .selectFrom("access_keys")
    .select(["key_id", "persona_id", "monthly_calls", "monthly_cents"])
    .where("creator_id", "=", creatorId)
    .where("revoked_at", "is", null)
    .where((eb) => eb.or([eb("monthly_calls", "is not", null), eb("monthly_cents", "is not", null)]))
    .orderBy("key_id")
    .execute();
  return rows.map((row) => ({
    keyId: row.key_id,
    personaId: row.persona_id,
    budget: { calls: row.monthly_calls, cents: row.monthly_cents },
  }));
}

type Columns = { requests_per_minute: number | null; monthly_calls: number | null; monthly_cents: number | null };

const read = (row: Columns | undefined): LimitSettings =>
  row === undefined
    ? NO_LIMITS
    : { requestsPerMinute: row.requests_per_minute, budget: { calls: row.monthly_calls, cents: row.monthly_cents } };

const toColumns = ({ requestsPerMinute, budget }: LimitSettings): Columns => ({
  requests_per_minute: requestsPerMinute,
  monthly_calls: budget.calls,
  monthly_cents: budget.cents,
});
