import type { PairResponse } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { verifyPairingProof } from "@agent-personas/shared/oauth/device-token";
import type { PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Kysely } from "kysely";
import type { RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { insertDevice, isKeyKnown, type DeviceRow } from "../store/devices.ts";
import { replaceCode, useCode } from "../store/pairing-codes.ts";
import type { Tables } from "../store/tables.ts";
import { insertUser } from "../store/users.ts";
import { requestDeviceLink } from "./device-link.ts";
import { createPairingCode, hashPairingCode } from "./pairing-code.ts";
import { loadUser, renderDevice } from "./render-device.ts";

export type PairingDeps = Pick<RelayDeps, "config" | "store" | "now" | "tunnel">;

type Pairing = {
  code: string;
  deviceName: string;
  personName?: string | undefined;
  publicKey: PublicKey;
  proof: string;
};

/**
 * Pairs a device: at once with a set-up or recovery code, after its creator's confirmation with a link code.
 * @throws AppError `pairing_proof_invalid` | `pairing_code_invalid` | `already_paired`
 */
export async function pairDevice(deps: PairingDeps, pairing: Pairing): Promise<PairResponse> {
  const { code, publicKey } = pairing;
  await verifyPairingProof(pairing.proof, { code, origin: deps.config.publicUrl, publicKey });
  if (await isKeyKnown(deps.store.db, publicKey)) throw new AppError("already_paired");
  const codeHash = await hashPairingCode(code);
  const recovery = await createPairingCode();
  const paired = await deps.store.db
    .transaction()
    .execute((db) => addDevice(db, { pairing, codeHash, recoveryHash: recovery.hash, now: deps.now() }));
  if (paired === null) return requestDeviceLink(deps, { codeHash, name: pairing.deviceName, publicKey });
  return {
    state: "paired",
    device: await renderDevice(paired, deps),
    user: await loadUser(deps, paired.userId),
    recoveryCode: recovery.shown,
  };
}

/** Uses the code, adds the device and renews the recovery code: all or nothing. Null when the code is another kind. */
async function addDevice(
  db: Kysely<Tables>,
  { pairing, codeHash, recoveryHash, now }: { pairing: Pairing; codeHash: string; recoveryHash: string; now: number },
): Promise<DeviceRow | null> {
  const code = await useCode(db, codeHash, now);
  if (code === null) return null;
  const userId = code.userId ?? createId("user", now);
  if (code.userId === null) {
    await insertUser(db, { userId, name: pairing.personName ?? "Administrator", administrator: true, createdAt: now });
  }
  const device = {
    deviceId: createId("device", now),
    userId,
    name: pairing.deviceName,
    publicKey: pairing.publicKey,
    createdAt: now,
    lastSeenAt: null,
    preferred: false,
  };
  await insertDevice(db, device);
  await replaceCode(db, { kind: "recovery", userId, codeHash: recoveryHash, createdAt: now });
  await insertAudit(db, {
    at: now,
    userId,
    deviceId: device.deviceId,
    event: "device_paired",
    subject: device.deviceId,
    detail: { by: code.kind },
  });
  return device;
}
