import { scopesSchema, type Scope } from "@agent-personas/shared/persona/scope";
import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { Tables } from "./tables.ts";

export type GrantRow = {
  grantId: string;
  personaId: string;
  userId: string;
  keyId: string | null;
  clientId: string;
  clientName: string;
  redirectHost: string;
  /** The canonical resource its tokens are for. */
  resource: string;
  scopes: readonly Scope[];
  tools: readonly string[] | null;
  createdAt: number;
  activatedAt: number | null;
  lastUsedAt: number | null;
  expiresAt: number;
  endedAt: number | null;
  endedForReuseAt: number | null;
};

/** What decides a request by grant, read in one indexed select. */
export type PresentedGrant = GrantRow & {
  /** The person has a device that is not revoked. */
  userHasDevice: boolean;
  /** The pasted key that it came from, as it is now. */
  key: { usable: boolean; expiresAt: number | null; scopes: readonly Scope[]; tools: readonly string[] | null } | null;
};

const toolsSchema = z.array(z.string());

export async function insertGrant(
  db: Kysely<Tables>,
  grant: Omit<GrantRow, "activatedAt" | "lastUsedAt" | "endedAt" | "endedForReuseAt">,
): Promise<void> {
  await db
    .insertInto("grants")
    .values({
      grant_id: grant.grantId,
      persona_id: grant.personaId,
      user_id: grant.userId,
      key_id: grant.keyId,
      client_id: grant.clientId,
      client_name: grant.clientName,
      redirect_host: grant.redirectHost,
      resource: grant.resource,
      scopes: JSON.stringify(grant.scopes),
      tools: grant.tools === null ? null : JSON.stringify(grant.tools),
      created_at: grant.createdAt,
      activated_at: null,
      last_used_at: null,
      expires_at: grant.expiresAt,
      ended_at: null,
      ended_for_reuse_at: null,
    })
    .execute();
}

export async function findPresentedGrant(db: Kysely<Tables>, grantId: string): Promise<PresentedGrant | null> {
  const row = await db
    .selectFrom("grants")
    .leftJoin("access_keys", "access_keys.key_id", "grants.key_id")
    .selectAll("grants")
    .select((eb) => [
      "access_keys.scopes as key_scopes",
      "access_keys.tools as key_tools",
      "access_keys.expires_at as key_expires_at",
      "access_keys.disabled_at as key_disabled_at",
      "access_keys.revoked_at as key_revoked_at",
      eb
        .selectFrom("devices")
        .select((device) => device.fn.countAll<number>().as("count"))
        .whereRef("devices.user_id", "=", "grants.user_id")
        .where("devices.revoked_at", "is", null)
        .as("user_devices"),
    ])
    .where("grants.grant_id", "=", grantId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ...readRow(row),
    userHasDevice: (row.user_devices ?? 0) > 0,
    key:
      row.key_scopes === null
        ? null
        : {
            usable: row.key_disabled_at === null && row.key_revoked_at === null,
            expiresAt: row.key_expires_at,
            scopes: scopesSchema.parse(JSON.parse(row.key_scopes)),
            tools: readTools(row.key_tools),
          },
  };
}

export async function findGrant(db: Kysely<Tables>, grantId: string): Promise<GrantRow | null> {
  const row = await db.selectFrom("grants").selectAll().where("grant_id", "=", grantId).executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

/** Clients connected to a persona, and those whose grant was ended for reuse since `reusedSince`. */
export async function listGrants(
  db: Kysely<Tables>,
  { personaId, now, reusedSince }: { personaId: string; now: number; reusedSince: number },
): Promise<GrantRow[]> {
  const rows = await db
    .selectFrom("grants")
    .selectAll()
    .where("persona_id", "=", personaId)
    .where("activated_at", "is not", null)
    .where((eb) =>
      eb.or([
        eb.and([eb("ended_at", "is", null), eb("expires_at", ">", now)]),
        eb("ended_for_reuse_at", ">=", reusedSince),
      ]),
    )
    .orderBy("created_at", "desc")
    .execute();
  return rows.map(readRow);
}

/** What the person last allowed this client; for prefilling only. */
export async function findLastGrant(
  db: Kysely<Tables>,
  { userId, clientId, personaId }: { userId: string; clientId: string; personaId: string | null },
): Promise<GrantRow | null> {
  const row = await db
    .selectFrom("grants")
    .selectAll()
    .where("client_id", "=", clientId)
    .where("user_id", "=", userId)
    .where("key_id", "is", null)
    .where((eb) => (personaId === null ? eb.lit(true) : eb("persona_id", "=", personaId)))
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

export async function listLiveGrantIds(
  db: Kysely<Tables>,
  of: { personaId: string } | { keyId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom("grants")
    .select("grant_id")
    .where("ended_at", "is", null)
    .where((eb) => ("personaId" in of ? eb("persona_id", "=", of.personaId) : eb("key_id", "=", of.keyId)))
    .execute();
  return rows.map((row) => row.grant_id);
}

/** Marks its first token; later ones change nothing. */
export async function activateGrant(db: Kysely<Tables>, grantId: string, now: number): Promise<void> {
  await db
    .updateTable("grants")
    .set({ activated_at: now })
    .where("grant_id", "=", grantId)
    .where("activated_at", "is", null)
    .execute();
}

/** null when unknown or ended before. */
export async function endGrantRow(
  db: Kysely<Tables>,
  grantId: string,
  { now, reused }: { now: number; reused: boolean },
): Promise<GrantRow | null> {
  const row = await db
    .updateTable("grants")
    .set({ ended_at: now, ...(reused ? { ended_for_reuse_at: now } : {}) })
    .where("grant_id", "=", grantId)
    .where("ended_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

/** Ends grants that nothing can use any more, and removes those that were never used or are long over. */
export async function sweepGrants(
  db: Kysely<Tables>,
  {
    now,
    idleSince,
    abandonedBefore,
    goneBefore,
  }: Record<"now" | "idleSince" | "abandonedBefore" | "goneBefore", number>,
): Promise<void> {
  await db
    .updateTable("grants")
    .set({ ended_at: now })
    .where("ended_at", "is", null)
    .where("activated_at", "<", idleSince)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("oauth_records")
            .select("oauth_records.record_hash")
            .whereRef("oauth_records.grant_id", "=", "grants.grant_id")
            .where("oauth_records.kind", "=", "RefreshToken")
            .where("oauth_records.consumed_at", "is", null)
            .where("oauth_records.expires_at", ">", now),
        ),
      ),
    )
    .execute();
  await db
    .deleteFrom("grants")
    .where((eb) =>
      eb.or([
        eb.and([eb("activated_at", "is", null), eb("created_at", "<", abandonedBefore)]),
        eb("ended_at", "<", goneBefore),
      ]),
    )
    .execute();
}

function readRow(row: Selectable<Tables["grants"]>): GrantRow {
  return {
    grantId: row.grant_id,
    personaId: row.persona_id,
    userId: row.user_id,
    keyId: row.key_id,
    clientId: row.client_id,
    clientName: row.client_name,
    redirectHost: row.redirect_host,
    resource: row.resource,
    scopes: scopesSchema.parse(JSON.parse(row.scopes)),
    tools: readTools(row.tools),
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    endedForReuseAt: row.ended_for_reuse_at,
  };
}

const readTools = (text: string | null): string[] | null =>
  text === null ? null : toolsSchema.parse(JSON.parse(text));
