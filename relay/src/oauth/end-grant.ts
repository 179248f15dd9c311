import type { FastifyBaseLogger } from "fastify";
import { insertAudit } from "../store/audit.ts";
import { endGrantRow, type GrantRow } from "../store/grants.ts";
import { deleteRecordsOfGrant } from "../store/oauth-records.ts";
import type { Store } from "../store/store.ts";

/** `reuse`: a code or refresh token came a second time, so somebody else may hold a copy; the person is told. */
export type EndReason = "revoked" | "reuse";

export type EndedGrant = { grant: GrantRow; reason: EndReason };

export type EndGrantDeps = {
  store: Store;
  now: () => number;
  log: FastifyBaseLogger;
  /** Closes sessions and streams, and tells the person's devices. */
  onGrantEnded: (ended: EndedGrant) => Promise<void>;
};

/** Ends a grant for good: no token of it works from the next request on. Nothing when it is over already. */
export async function endGrant(deps: EndGrantDeps, grantId: string, reason: EndReason): Promise<void> {
  const now = deps.now();
  const grant = await deps.store.db.transaction().execute(async (db) => {
    const ended = await endGrantRow(db, grantId, { now, reused: reason === "reuse" });
    await deleteRecordsOfGrant(db, grantId);
    if (ended === null) return null;
    await insertAudit(db, {
      at: now,
      userId: ended.userId,
      deviceId: null,
      event: reason === "reuse" ? "grant_reused" : "grant_revoked",
      subject: grantId,
      detail: { personaId: ended.personaId, client: ended.clientName, redirectHost: ended.redirectHost },
    });
    return ended;
  });
  if (grant === null) return;
  deps.log.info({ grantId, reason }, "grant ended");
  await deps.onGrantEnded({ grant, reason });
}
