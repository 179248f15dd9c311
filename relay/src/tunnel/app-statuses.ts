import type { AppStatus, BlockedTool } from "@agent-personas/shared/tunnel/messages";
import type { Connection } from "./connection.ts";

/** Per slot the state on the device that would execute: one where the app is connected, else the most recently active. */
export function appStatuses(
  connections: readonly Connection[],
  wanted: { deviceId: string | null; personaId: string },
): ReadonlyMap<string, AppStatus> | null {
  const online = onlineOf(connections, wanted);
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

/** Tools that the most recently active device says are not what was approved any more, by exposed name. */
export function blockedTools(
  connections: readonly Connection[],
  wanted: { deviceId: string | null; personaId: string },
): ReadonlyMap<string, BlockedTool["state"]> {
  const latest = onlineOf(connections, wanted)
    .toSorted((a, b) => b.activeAt - a.activeAt)
    .flatMap(({ serves }) => serves?.filter(({ personaId }) => personaId === wanted.personaId) ?? [])[0];
  return new Map(latest?.blocked?.map(({ tool, state }) => [tool, state]));
}

const onlineOf = (connections: readonly Connection[], wanted: { deviceId: string | null }): Connection[] =>
  connections.filter(({ ready, deviceId }) => ready && (wanted.deviceId === null || wanted.deviceId === deviceId));
