import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { ConnectClient } from "@agent-personas/shared/connect/client-catalogue";

/** Names by which clients introduce themselves, in lower case; raw HTTP has any name. */
const CLIENT_NAMES: Record<ConnectClient["id"], readonly string[]> = {
  "claude-code": ["claude-code", "claude code"],
  cursor: ["cursor"],
  vscode: ["visual studio code", "vscode"],
  http: ["curl"],
};

/** When a client was last seen at this endpoint, by what the keys' last uses say; null when not yet. */
export function clientLastSeen(client: ConnectClient["id"], keys: readonly AccessKey[]): number | null {
  const names = CLIENT_NAMES[client];
  const times = keys
    .filter((key) => names.some((name) => key.lastClient?.toLowerCase().startsWith(name) === true))
    .flatMap((key) => key.lastUsedAt ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** The name of a key for one client on one device, cut to what a name may be. */
export function keyNameFor(
  client: string,
  deviceName: string | null,
  join: (client: string, device: string) => string,
): string {
  return (deviceName === null ? client : join(client, deviceName)).slice(0, 80);
}
