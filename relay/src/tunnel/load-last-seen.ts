import type { DeviceDirectory } from "../deps.ts";

/** When a device was last there, to the minute: `2026-11-20T09:21Z`. */
export const lastSeenText = (seenAt: number): string => `${new Date(seenAt).toISOString().slice(0, 16)}Z`;

/** The same of the device, or of any of the user's; null when it never was. */
export async function loadLastSeen(
  devices: DeviceDirectory,
  target: { userId: string; deviceId: string | null },
): Promise<string | null> {
  const known =
    target.deviceId === null ? (await devices.ofUser(target.userId))[0] : await devices.find(target.deviceId);
  const seenAt = known?.lastSeenAt ?? null;
  return seenAt === null ? null : lastSeenText(seenAt);
}
