import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import { errors, type Adapter, type AdapterPayload } from "oidc-provider";
import { activateGrant } from "../store/grants.ts";
import {
  consumeRecord,
  deleteOldestRetired,
  deleteRecord,
  deleteRecordsOfGrant,
  findRecord,
  upsertRecord,
} from "../store/oauth-records.ts";
import type { Store } from "../store/store.ts";

/** How long a refresh token that was just retired still gets a sibling: parallel processes, a lost answer. */
export const REUSE_WINDOW_MS = 60_000;
/** Retired refresh tokens remembered for each grant; one that is older is refused without ending it. */
const RETIRED = 1_000;

export type RecordKind = "AuthorizationCode" | "RefreshToken" | "Interaction";

/**
 * Codes, refresh tokens and open sign-ins. Only SHA-256 of a value is stored, so a copy of the database opens
 * nothing. `consume` is a compare-and-set: of parallel attempts one wins.
 */
export function createRecordAdapter(kind: RecordKind, deps: { store: Store; now: () => number }): Adapter {
  const { db } = deps.store;
  const hashOf = (id: string): Promise<string> => sha256Hex(`${kind}:${id}`);
  return {
    upsert: async (id, payload, expiresIn) => {
      const { jti: _, returnTo, ...kept } = payload;
      const now = deps.now();
      await upsertRecord(db, {
        recordHash: await hashOf(id),
        kind,
        grantId: payload.grantId ?? null,
        payload: returnTo === undefined ? kept : { ...kept, returnTo: returnTo.replace(id, ID) },
        createdAt: now,
        expiresAt: now + (expiresIn ?? 0) * 1_000,
      });
      if (kind === "RefreshToken" && payload.grantId !== undefined) await activateGrant(db, payload.grantId, now);
    },
    find: async (id) => {
      const record = await findRecord(db, await hashOf(id));
      if (record === null || record.expiresAt <= deps.now()) return undefined;
      const payload: AdapterPayload = { ...record.payload, jti: id };
      if (payload.returnTo !== undefined) payload.returnTo = payload.returnTo.replace(ID, id);
      return isSpent(kind, record.consumedAt, deps.now()) ? { ...payload, consumed: true } : payload;
    },
    consume: async (id) => {
      const hash = await hashOf(id);
      if (await consumeRecord(db, hash, deps.now())) {
        const grantId = (await findRecord(db, hash))?.grantId ?? null;
        if (kind === "RefreshToken" && grantId !== null) await deleteOldestRetired(db, grantId, RETIRED);
        return;
      }
      const record = await findRecord(db, hash);
      if (record === null || isSpent(kind, record.consumedAt, deps.now())) {
        throw new errors.InvalidGrant("it was used at the same moment");
      }
    },
    destroy: async (id) => deleteRecord(db, await hashOf(id)),
    revokeByGrantId: (grantId) => deleteRecordsOfGrant(db, grantId, kind),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

/** Stands in a stored address for the id that is not stored. */
const ID = "{id}";

function isSpent(kind: RecordKind, consumedAt: number | null, now: number): boolean {
  if (consumedAt === null) return false;
  return kind !== "RefreshToken" || now - consumedAt > REUSE_WINDOW_MS;
}
