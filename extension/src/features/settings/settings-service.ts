import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";

/** The person's devices at the relay. */
export function createSettingsService(deps: { db: Database; api: RelayApi }): Handlers<CommandsOf<"devices">> {
  const { db, api } = deps;
  return {
    "devices.list": () => api.devices(),
    "devices.rename": async ({ deviceId, name }) => {
      await api.renameDevice(deviceId, name);
      await db.trustedDevices.update(deviceId, { name });
      await db.relay
        .filter((relay) => relay.device.deviceId === deviceId)
        .modify((relay) => {
          relay.device.name = name;
        });
      return null;
    },
    "devices.prefer": async ({ deviceId }) => {
      await api.preferDevice(deviceId);
      return null;
    },
    "devices.revoke": async ({ deviceId }) => {
      await api.revokeDevice(deviceId);
      await db.trustedDevices.delete(deviceId);
      return null;
    },
  };
}
