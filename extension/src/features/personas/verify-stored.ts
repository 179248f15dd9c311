import type { StoredPersona } from "@agent-personas/shared/api/personas";
import { verifyPersona } from "@agent-personas/shared/persona/persona-signature";
import { pinTool } from "@agent-personas/shared/persona/tool-definition";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { PersonasDeps } from "./personas-deps.ts";

export type Verified = { version: PersonaVersion; trusted: boolean };

/**
 * Checks who made a stored version. `trusted` only by this device's own key, or by that of a device whose
 * fingerprint both screens showed; the key that the relay states for any other device proves no more than
 * that the version is whole. null when nothing fits.
 */
export async function verifyStored(
  deps: Pick<PersonasDeps, "db" | "api">,
  stored: StoredPersona,
): Promise<Verified | null> {
  const known = await trustedKey(deps.db, stored.authorDeviceId);
  const publicKey = known ?? (await statedKey(deps.api, stored.authorDeviceId));
  if (publicKey === null) return null;
  try {
    const version = await verifyPersona(stored.signed, { deviceId: stored.authorDeviceId, publicKey });
    if (version.personaId !== stored.personaId || version.version !== stored.version) return null;
    for (const tool of version.tools) if ((await pinTool(tool.definition)) !== tool.pin) return null;
    return { version, trusted: known !== null };
  } catch {
    return null;
  }
}

async function trustedKey(db: PersonasDeps["db"], deviceId: string): Promise<PublicKey | null> {
  const own = await db.relay.get("relay");
  if (own?.device.deviceId === deviceId) return (await db.deviceKey.get("device"))?.publicKey ?? null;
  return (await db.trustedDevices.get(deviceId))?.publicKey ?? null;
}

async function statedKey(api: Pick<PersonasDeps["api"], "devices">, deviceId: string): Promise<PublicKey | null> {
  const { devices } = await api.devices();
  return devices.find((device) => device.deviceId === deviceId)?.publicKey ?? null;
}
