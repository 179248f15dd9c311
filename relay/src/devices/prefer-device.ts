import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { findDevice } from "../store/devices.ts";
import { setPreferredDevice } from "../store/users.ts";

/**
 * Calls go to this device where it can execute them, from the next one on; null for no preference.
 * @throws AppError `not_found` for a device of somebody else.
 */
export async function preferOwnDevice(
  deps: Pick<RelayDeps, "store" | "now" | "tunnel">,
  device: KnownDevice,
  preferred: string | null,
): Promise<void> {
  const row = preferred === null ? null : await findDevice(deps.store.db, preferred);
  if (preferred !== null && row?.userId !== device.userId) throw new AppError("not_found");
  await setPreferredDevice(deps.store.db, device.userId, preferred);
  deps.tunnel.preferDevice(device.userId, preferred);
  await insertAudit(deps.store.db, {
    at: deps.now(),
    userId: device.userId,
    deviceId: device.deviceId,
    event: "device_preferred",
    subject: preferred ?? "",
    detail: {},
  });
}
