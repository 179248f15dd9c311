import type { Grant } from "@agent-personas/shared/api/grants";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import { CONNECT_CLIENTS, type ConnectClient } from "@agent-personas/shared/connect/client-catalogue";

/** Names by which clients introduce themselves, in lower case; raw HTTP has any name. */
const CLIENT_NAMES: Record<ConnectClient["id"], readonly string[]> = {
  "claude-ai": ["claude-ai", "claude.ai", "claude"],
  chatgpt: ["chatgpt", "openai"],
  "claude-code": ["claude-code", "claude code"],
  cursor: ["cursor"],
  vscode: ["visual studio code", "vscode"],
  http: ["curl"],
};

/** When a client was last seen at this endpoint, by the last uses of keys and sign-ins; null when not yet. */
export function clientLastSeen(
  client: ConnectClient["id"],
  { keys, grants }: { keys: readonly AccessKey[]; grants: readonly Grant[] },
): number | null {
  const uses = [
    ...keys.map((key) => ({ name: key.lastClient, at: key.lastUsedAt })),
    ...grants.map((grant) => ({ name: grant.client.name, at: grant.lastUsedAt })),
  ];
  const times = uses.filter(({ name }) => clientNamed(name) === client).flatMap(({ at }) => at ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** The client whose longest known name a name begins with: “Claude Code” is not Claude.ai. */
function clientNamed(name: string | null): ConnectClient["id"] | null {
  const known = CONNECT_CLIENTS.flatMap(({ id }) => CLIENT_NAMES[id].map((begin) => ({ id, begin })));
  const fits = known.filter(({ begin }) => name?.toLowerCase().startsWith(begin) === true);
  return fits.toSorted((a, b) => b.begin.length - a.begin.length)[0]?.id ?? null;
}

/** The name of a key for one client on one device, cut to what a name may be. */
export function keyNameFor(
  client: string,
  deviceName: string | null,
  join: (client: string, device: string) => string,
): string {
  return (deviceName === null ? client : join(client, deviceName)).slice(0, 80);
}
