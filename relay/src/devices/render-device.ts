import type { Device, User } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { keyFingerprint } from "@agent-personas/shared/primitives/fingerprint";
import type { RelayDeps } from "../deps.ts";
import type { DeviceRow } from "../store/devices.ts";
import { findUser } from "../store/users.ts";

/** A device as the REST API shows it. */
export async function renderDevice(row: DeviceRow, { tunnel }: Pick<RelayDeps, "tunnel">): Promise<Device> {
  return {
    deviceId: row.deviceId,
    name: row.name,
    publicKey: row.publicKey,
    fingerprint: await keyFingerprint(row.publicKey),
    createdAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    online: tunnel.isOnline(row.deviceId),
    preferred: row.preferred,
  };
}

/** @throws AppError `not_found` */
export async function loadUser({ store }: Pick<RelayDeps, "store">, userId: string): Promise<User> {
  const user = await findUser(store.db, userId);
  if (user === null) throw new AppError("not_found");
  return user;
}
