import { NO_BUDGET, type Budget } from "@agent-personas/shared/api/limits";
import { createAccessKey } from "@agent-personas/shared/oauth/access-key";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import { createSlug } from "@agent-personas/shared/primitives/slug";
import { hashKey } from "../inbound/hash-key.ts";
import { toToolRefs } from "../inbound/tool-refs.ts";
import { insertKey } from "../store/access-keys.ts";
import { insertDevice } from "../store/devices.ts";
import { openStore } from "../store/open-store.ts";
import { advancePersona, insertPersona, insertVersion } from "../store/personas.ts";
import type { Store } from "../store/store.ts";
import { insertUser } from "../store/users.ts";
import { createDeviceKeys, type DeviceKeys } from "./test-device.ts";
import { testVersion } from "./test-persona.ts";

export type Owner = {
  store: Store;
  userId: string;
  device: DeviceKeys;
  /** Stores a version of the persona; answers its slug. */
  publish: (change?: Partial<PersonaVersion>) => Promise<{ slug: string; personaId: string }>;
  key: (
    personaId: string,
    options?: { scopes?: Scope[]; tools?: string[]; budget?: Budget; deviceId?: string },
  ) => Promise<{ keyId: string; secret: string }>;
  addDevice: () => Promise<DeviceKeys>;
};

/** A person with one paired device, in a database of their own. */
export async function createOwner(folder = ":memory:"): Promise<Owner> {
  const store = await openStore(folder);
  const userId = createId("user");
  await insertUser(store.db, { userId, name: "Ada", administrator: true, createdAt: 1 });
  const addDevice = async (): Promise<DeviceKeys> => {
    const keys = await createDeviceKeys();
    const { deviceId, publicKey } = keys;
    await insertDevice(store.db, { deviceId, userId, name: "Laptop", publicKey, createdAt: 1 });
    return keys;
  };
  const device = await addDevice();
  const slugs = new Map<string, string>();
  const versions = new Map<string, PersonaVersion>();
  return {
    store,
    userId,
    device,
    addDevice,
    publish: async (change = {}) => {
      const version = testVersion(device.deviceId, change);
      const { personaId } = version;
      const slug = slugs.get(personaId) ?? createSlug(version.name);
      if (!slugs.has(personaId)) await insertPersona(store.db, { personaId, slug, ownerId: userId, now: 1 });
      else await advancePersona(store.db, { personaId, version: version.version, now: 1 });
      slugs.set(personaId, slug);
      versions.set(personaId, version);
      await insertVersion(store.db, {
        personaId,
        version: version.version,
        authorDeviceId: device.deviceId,
        signed: await signPersona(version, device.privateKey),
        now: 1,
      });
      return { slug, personaId };
    },
    key: async (personaId, options = {}) => {
      const secret = await createAccessKey("aaaaaa");
      const keyId = createId("key");
      await insertKey(store.db, {
        keyId,
        personaId,
        creatorId: userId,
        keyHash: hashKey(secret),
        name: "test",
        prefix: "ap_aaaaaa",
        last4: secret.slice(-4),
        scopes: options.scopes ?? ["read", "write", "destructive"],
        tools: toToolRefs(options.tools ?? null, versions.get(personaId) ?? { tools: [] }),
        deviceId: options.deviceId ?? null,
        budget: options.budget ?? NO_BUDGET,
        createdAt: 1,
        expiresAt: null,
      });
      return { keyId, secret };
    },
  };
}
