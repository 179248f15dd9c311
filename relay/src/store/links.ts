import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { Kysely, Selectable } from "kysely";
import type { Tables } from "./tables.ts";

export type LinkRow = {
  linkId: string;
  userId: string;
  creatorDeviceId: string;
  expiresAt: number;
  state: "waiting" | "requested" | "approved" | "denied";
  requested: { name: string; publicKey: PublicKey } | null;
  deviceId: string | null;
};

export async function insertLink(
  db: Kysely<Tables>,
  link: Pick<LinkRow, "linkId" | "userId" | "creatorDeviceId" | "expiresAt"> & { codeHash: string; createdAt: number },
): Promise<void> {
  await db
    .insertInto("links")
    .values({
      link_id: link.linkId,
      user_id: link.userId,
      creator_device_id: link.creatorDeviceId,
      code_hash: link.codeHash,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
      state: "waiting",
      requested_name: null,
      requested_key: null,
      device_id: null,
    })
    .execute();
}

export async function findLink(db: Kysely<Tables>, linkId: string): Promise<LinkRow | null> {
  const row = await db.selectFrom("links").selectAll().where("link_id", "=", linkId).executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

/** Uses a link's code up for one requesting device, in one statement; null when unknown, used or expired. */
export async function requestLink(
  db: Kysely<Tables>,
  request: { codeHash: string; name: string; publicKey: PublicKey; now: number },
): Promise<LinkRow | null> {
  const row = await db
    .updateTable("links")
    .set({
      state: "requested",
      requested_name: request.name,
      requested_key: JSON.stringify(request.publicKey),
    })
    .where("code_hash", "=", request.codeHash)
    .where("state", "=", "waiting")
    .where("expires_at", ">", request.now)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : readRow(row);
}

/** Closes a requested link once; false when it was not open any more. */
export async function decideLink(
  db: Kysely<Tables>,
  linkId: string,
  decision: { state: "approved"; deviceId: string; now: number } | { state: "denied"; deviceId: null; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable("links")
    .set({ state: decision.state, device_id: decision.deviceId })
    .where("link_id", "=", linkId)
    .where("state", "=", "requested")
    .where("expires_at", ">", decision.now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function countOpenLinks(db: Kysely<Tables>, userId: string, now: number): Promise<number> {
  const row = await db
    .selectFrom("links")
    .select((eb) => eb.fn.countAll<number>().as("open"))
    .where("user_id", "=", userId)
    .where("expires_at", ">", now)
    .executeTakeFirstOrThrow();
  return row.open;
}

export async function deleteLinksBefore(db: Kysely<Tables>, expiredBefore: number): Promise<void> {
  await db.deleteFrom("links").where("expires_at", "<", expiredBefore).execute();
}

function readRow(row: Selectable<Tables["links"]>): LinkRow {
  return {
    linkId: row.link_id,
    userId: row.user_id,
    creatorDeviceId: row.creator_device_id,
    expiresAt: row.expires_at,
    state: row.state,
    requested:
      row.requested_name === null || row.requested_key === null
        ? null
        : { name: row.requested_name, publicKey: publicKeySchema.parse(JSON.parse(row.requested_key)) },
    deviceId: row.device_id,
  };
}
