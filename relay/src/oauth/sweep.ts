import type { FastifyBaseLogger } from "fastify";
import { sweepGrants } from "../store/grants.ts";
import { deleteUnusedClients } from "../store/oauth-clients.ts";
import { deleteExpiredRecords, deleteOldestRecords } from "../store/oauth-records.ts";
import type { Store } from "../store/store.ts";
import { DEVICE_CODE, USER_CODE } from "./device-flow/device-requests.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What anybody may begin without a person; of each kind so many are kept. */
const OPEN_SIGN_INS = ["Interaction", DEVICE_CODE, USER_CODE];
const SIGN_INS = 20_000;

/** Removes what is over, at most once a minute and only while somebody uses the protocol; nothing else makes any. */
export function createSweeper(deps: { store: Store; now: () => number; log: FastifyBaseLogger }): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = deps.now();
    if (now < next) return;
    next = now + MINUTE_MS;
    const { db } = deps.store;
    try {
      await deleteExpiredRecords(db, now);
      for (const kind of OPEN_SIGN_INS) await deleteOldestRecords(db, kind, SIGN_INS);
      await sweepGrants(db, {
        now,
        idleSince: now - HOUR_MS,
        abandonedBefore: now - HOUR_MS,
        goneBefore: now - 90 * DAY_MS,
      });
      await deleteUnusedClients(db, now - 90 * DAY_MS);
    } catch (error) {
      deps.log.error({ err: error }, "what is over was not removed");
    }
  };
}
