import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { Database } from "../../db/database.ts";
import type { DeviceKeyRow } from "../../db/rows.ts";
import type { IdentitySource } from "../../lib/identity.ts";

export type IdentityRepository = IdentitySource & {
  /** This installation's key, made at first use. The private half cannot be exported. */
  ensureKey: () => Promise<DeviceKeyRow>;
};

export function createIdentityRepository(db: Database): IdentityRepository {
  return {
    load: async () => {
      const [relay, key] = await Promise.all([db.relay.get("relay"), db.deviceKey.get("device")]);
      if (relay === undefined || key === undefined) return null;
      const { relayUrl, device, clockOffset } = relay;
      return { relayUrl, deviceId: device.deviceId, privateKey: key.privateKey, clockOffset };
    },
    keepClockOffset: async (clockOffset) => {
      await db.relay.update("relay", { clockOffset });
    },
    ensureKey: async () => {
      const known = await db.deviceKey.get("device");
      if (known !== undefined) return known;
      const made = await makeKey();
      // Another context may have been faster; the first key stays.
      return db.transaction("rw", db.deviceKey, async () => {
        const first = await db.deviceKey.get("device");
        if (first !== undefined) return first;
        await db.deviceKey.put(made);
        return made;
      });
    },
  };
}

async function makeKey(): Promise<DeviceKeyRow> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const publicKey: PublicKey = publicKeySchema.parse({ kty, crv, x, y });
  return { id: "device", privateKey: pair.privateKey, publicKey };
}
