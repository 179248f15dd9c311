import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import { errors, type Adapter } from "oidc-provider";
import { consumeRecord, deleteRecord, findRecord, upsertRecord } from "../../store/oauth-records.ts";
import type { Store } from "../../store/store.ts";
import { DEVICE_CODE, hashUserCode, USER_CODE } from "./device-requests.ts";

/** How long a device that is late hears that its code is too old, instead of that there is none. */
const REMEMBERED_MS = 5 * 60_000;

/**
 * The engine's view of open device codes. Of both codes only the SHA-256 is stored, so the engine finds them by the
 * device's code only; the person's code leads to the same record in `device-requests.ts`.
 */
export function createDeviceCodeAdapter(deps: { store: Store; now: () => number }): Adapter {
  const { db } = deps.store;
  return {
    upsert: async (id, payload, expiresIn) => {
      const { jti: _, userCode = "", ...kept } = payload;
      const now = deps.now();
      const endsAt = now + (expiresIn ?? 0) * 1_000;
      const common = { grantId: null, createdAt: now };
      const recordHash = await hashOf(id);
      await upsertRecord(db, {
        ...common,
        recordHash,
        kind: DEVICE_CODE,
        payload: { ...kept, endsAt },
        expiresAt: endsAt + REMEMBERED_MS,
      });
      await upsertRecord(db, {
        ...common,
        recordHash: await hashUserCode(userCode),
        kind: USER_CODE,
        payload: { deviceCode: recordHash },
        expiresAt: endsAt,
      });
    },
    find: async (id) => {
      const record = await findRecord(db, await hashOf(id));
      if (record === null || record.expiresAt <= deps.now()) return undefined;
      const { endsAt, ...payload } = record.payload;
      // The engine compares with the clock of the process, the relay with its own.
      const over = typeof endsAt !== "number" || endsAt <= deps.now();
      return {
        ...payload,
        jti: id,
        ...(over ? { exp: 1 } : {}),
        ...(record.consumedAt === null ? {} : { consumed: true }),
      };
    },
    consume: async (id) => {
      if (!(await consumeRecord(db, await hashOf(id), deps.now()))) {
        throw new errors.InvalidGrant("it was used at the same moment");
      }
    },
    destroy: async (id) => deleteRecord(db, await hashOf(id)),
    // It stays, so that its second use is known for what it is.
    revokeByGrantId: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

const hashOf = (id: string): Promise<string> => sha256Hex(`${DEVICE_CODE}:${id}`);
