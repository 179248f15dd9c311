import type { DeviceDirectory } from "../deps.ts";
import { findDevice, listDevices } from "../store/devices.ts";
import type { Store } from "../store/store.ts";

/** Reads devices from the store each time, so that a revocation holds at once. */
export function createDeviceDirectory({ db }: Store): DeviceDirectory {
  return {
    find: (deviceId) => findDevice(db, deviceId),
    ofUser: (userId) => listDevices(db, userId),
  };
}
