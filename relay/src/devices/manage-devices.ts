import type { Device } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { listKeysOfDevice } from "../store/access-keys.ts";
import { insertAudit } from "../store/audit.ts";
import { findDevice, listDevices, renameDevice, revokeDeviceRow, type DeviceRow } from "../store/devices.ts";
import { replaceCode } from "../store/pairing-codes.ts";
import { createPairingCode } from "./pairing-code.ts";
import { renderDevice } from "./render-device.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "tunnel" | "sessions">;

export async function listOwnDevices(deps: Deps, device: KnownDevice): Promise<Device[]> {
  const rows = await listDevices(deps.store.db, device.userId);
  return Promise.all(rows.map((row) => renderDevice(row, deps)));
}

/** @throws AppError `not_found` for a device of somebody else. */
export async function renameOwnDevice(
  deps: Deps,
  device: KnownDevice,
  change: { deviceId: string; name: string },
): Promise<Device> {
  const row = await loadOwn(deps, device, change.deviceId);
  await renameDevice(deps.store.db, row.deviceId, change.name);
  await record(deps, device, "device_renamed", row.deviceId);
  return renderDevice({ ...row, name: change.name }, deps);
}

/**
 * Revokes a device for good: its tokens are refused from the next request and its socket closes now.
 * @throws AppError `not_found` | `last_device`
 */
export async function revokeOwnDevice(deps: Deps, device: KnownDevice, deviceId: string): Promise<void> {
  const row = await loadOwn(deps, device, deviceId);
  if (!(await revokeDeviceRow(deps.store.db, row, deps.now()))) throw new AppError("last_device");
  await record(deps, device, "device_revoked", row.deviceId);
  await deps.tunnel.revokeDevice(row.deviceId);
  for (const keyId of await listKeysOfDevice(deps.store.db, row.deviceId)) {
    await deps.sessions.closeOfPrincipal(keyId);
  }
}

/** A new recovery code for the calling person; the one before stops working. */
export async function renewRecoveryCode(deps: Deps, device: KnownDevice): Promise<string> {
  const { shown, hash } = await createPairingCode();
  await deps.store.db
    .transaction()
    .execute((db) =>
      replaceCode(db, { kind: "recovery", userId: device.userId, codeHash: hash, createdAt: deps.now() }),
    );
  await record(deps, device, "recovery_code_renewed", device.userId);
  return shown;
}

async function loadOwn(deps: Deps, device: KnownDevice, deviceId: string): Promise<DeviceRow> {
  const row = await findDevice(deps.store.db, deviceId);
  if (row === null || row.userId !== device.userId) throw new AppError("not_found");
  return row;
}

function record(
  deps: Deps,
  device: KnownDevice,
  event: "device_renamed" | "device_revoked" | "recovery_code_renewed",
  subject: string,
): Promise<void> {
  return insertAudit(deps.store.db, {
    at: deps.now(),
    userId: device.userId,
    deviceId: device.deviceId,
    event,
    subject,
    detail: {},
  });
}
