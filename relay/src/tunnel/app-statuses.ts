import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { Connection } from "./connection.ts";

/** Per slot the state on the device that would execute: one where the app is connected, else the most recently active. */
export function appStatuses(
  connections: readonly Connection[],
  wanted: { deviceId: string | null; personaId: string },
): ReadonlyMap<string, AppStatus> | null {
  const online = connections.filter(
    ({ ready, deviceId }) => ready && (wanted.deviceId === null || wanted.deviceId === deviceId),
  );
  if (online.length === 0) return null;
  const statuses = new Map<string, AppStatus>();
  for (const { serves } of online.toSorted((a, b) => a.activeAt - b.activeAt)) {
    const persona = serves?.find(({ personaId }) => personaId === wanted.personaId);
    for (const { slotId, status } of persona?.slots ?? []) {
      if (statuses.get(slotId) !== "connected") statuses.set(slotId, status);
    }
  }
  return statuses;
}
