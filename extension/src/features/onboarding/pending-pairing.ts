import { publicKeySchema } from "@agent-personas/shared/primitives/fingerprint";
import { deviceIdSchema, linkIdSchema } from "@agent-personas/shared/primitives/id";
import { z } from "zod";
import type { SessionStore } from "../../lib/session-store.ts";

/** A link that waits for the other browser's confirmation; kept in memory that outlives the worker. */
const pendingPairingSchema = z.strictObject({
  linkId: linkIdSchema,
  relayUrl: z.url(),
  relayId: z.string(),
  clockOffset: z.number(),
  approver: z.strictObject({ deviceId: deviceIdSchema, name: z.string(), publicKey: publicKeySchema }),
});
export type PendingPairing = z.infer<typeof pendingPairingSchema>;

const KEY = "pending-pairing";

export type PendingPairings = {
  find: (linkId: string) => Promise<PendingPairing | null>;
  keep: (pending: PendingPairing) => Promise<void>;
  drop: () => Promise<void>;
};

export function createPendingPairings(session: SessionStore): PendingPairings {
  return {
    find: async (linkId) => {
      const parsed = pendingPairingSchema.safeParse(await session.get(KEY));
      return parsed.success && parsed.data.linkId === linkId ? parsed.data : null;
    },
    keep: (pending) => session.set(KEY, pending),
    drop: () => session.remove(KEY),
  };
}
