import { logLevelSchema } from "@agent-personas/shared/tunnel/messages";
import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { SessionRow, SessionStore } from "./sessions.ts";
import type { Tables } from "./tables.ts";

const subscriptionsSchema = z.array(z.string());
const initializeSchema = z.record(z.string(), z.unknown());

export function createSessionStore(db: Kysely<Tables>): SessionStore {
  return {
    insert: async (row) => {
      await db
        .insertInto("sessions")
        .values({
          session_id: row.sessionId,
          persona_id: row.personaId,
          principal_id: row.principalId,
          protocol: row.protocol,
          initialize: JSON.stringify(row.initialize),
          log_level: row.logLevel,
          subscriptions: JSON.stringify(row.subscriptions),
          created_at: row.createdAt,
          last_used_at: row.lastUsedAt,
        })
        .execute();
    },
    find: async (sessionId, since) => {
      const row = await db
        .selectFrom("sessions")
        .selectAll()
        .where("session_id", "=", sessionId)
        .where("last_used_at", ">=", since)
        .executeTakeFirst();
      return row === undefined ? null : readRow(row);
    },
    setLogLevel: async (sessionId, logLevel) => {
      await db.updateTable("sessions").set({ log_level: logLevel }).where("session_id", "=", sessionId).execute();
    },
    setSubscriptions: async (sessionId, uris) => {
      const subscriptions = JSON.stringify(uris);
      await db.updateTable("sessions").set({ subscriptions }).where("session_id", "=", sessionId).execute();
    },
    delete: async (sessionId) => {
      await db.deleteFrom("sessions").where("session_id", "=", sessionId).execute();
    },
    deleteOfPrincipal: (principalId) => deleteWhere(db, "principal_id", principalId),
    deleteOfPersona: (personaId) => deleteWhere(db, "persona_id", personaId),
    deleteExcess: ({ principalId, perPrincipal, together, total }) =>
      db
        .transaction()
        .execute(async (transaction) => [
          ...(await deleteOldest(transaction, { keep: perPrincipal, of: { principalId } })),
          ...(together === null ? [] : await deleteOldest(transaction, { keep: together.keep, of: together })),
          ...(await deleteOldest(transaction, { keep: total, of: null })),
        ]),
    deleteIdle: async (before) => {
      const result = await db.deleteFrom("sessions").where("last_used_at", "<", before).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

async function deleteWhere(
  db: Kysely<Tables>,
  column: "principal_id" | "persona_id",
  value: string,
): Promise<string[]> {
  const rows = await db.deleteFrom("sessions").where(column, "=", value).returning("session_id").execute();
  return rows.map((row) => row.session_id);
}

async function deleteOldest(
  db: Kysely<Tables>,
  { keep, of }: { keep: number; of: { principalId: string } | { personaId: string; idsBegin: string } | null },
): Promise<string[]> {
  const counted = db.selectFrom("sessions").where((eb) => {
    if (of === null) return eb.lit(true);
    if ("principalId" in of) return eb("principal_id", "=", of.principalId);
    return eb.and([eb("persona_id", "=", of.personaId), eb("principal_id", "like", `${of.idsBegin}%`)]);
  });
  const { stored } = await counted.select((eb) => eb.fn.countAll<number>().as("stored")).executeTakeFirstOrThrow();
  if (stored <= keep) return [];
  const oldest = counted
    .select("session_id")
    .orderBy("last_used_at")
    .orderBy("session_id")
    .limit(stored - keep);
  const rows = await db.deleteFrom("sessions").where("session_id", "in", oldest).returning("session_id").execute();
  return rows.map((row) => row.session_id);
}

function readRow(row: Selectable<Tables["sessions"]>): SessionRow {
  return {
    sessionId: row.session_id,
    personaId: row.persona_id,
    principalId: row.principal_id,
    protocol: row.protocol,
    initialize: initializeSchema.parse(JSON.parse(row.initialize)),
    logLevel: row.log_level === null ? null : logLevelSchema.parse(row.log_level),
    subscriptions: subscriptionsSchema.parse(JSON.parse(row.subscriptions)),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
