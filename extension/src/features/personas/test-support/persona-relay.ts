import "fake-indexeddb/auto";
import type { Device } from "@agent-personas/shared/api/devices";
import type { StoredPersona } from "@agent-personas/shared/api/personas";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import { pinTool, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { keyFingerprint } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import { openDatabase } from "../../../db/database.ts";
import { createSerial } from "../../../lib/serial.ts";
import type { PersonaDraft } from "../../../messages/persona-draft.ts";
import { createDeviceKey } from "../../../test-support/device-key.ts";
import { appRow, connectionRow, personaTool, personaVersion, toolRow } from "../../../test-support/rows.ts";
import type { PersonasDeps } from "../personas-deps.ts";

const NOTES_URL = "https://notes.example/mcp";

/** A relay that stores what it is sent and serves whatever a test puts there; it may lie. */
export function createTestRelay() {
  const personas = new Map<string, StoredPersona>();
  const devices: Device[] = [];
  const accepted: { personaId: string; version: number }[] = [];
  let down = false;
  const reach = (): void => {
    if (down) throw new AppError("relay_unreachable");
  };
  const api: PersonasDeps["api"] = {
    personas: async () => {
      reach();
      return { personas: [...personas.values()] };
    },
    devices: async () => ({ devices }),
    savePersona: async (personaId, signed) => {
      reach();
      const version = readVersion(signed);
      const before = personas.get(personaId);
      if (version.version !== (before?.version ?? 0) + 1) throw new AppError("persona_conflict");
      return put(signed, version);
    },
    deletePersona: async (personaId) => {
      reach();
      if (!personas.delete(personaId)) throw new AppError("persona_not_found");
    },
    acceptPersona: async (personaId, version) => {
      accepted.push({ personaId, version });
    },
  };
  const put = (signed: string, version: PersonaVersion): StoredPersona => {
    const stored: StoredPersona = {
      personaId: version.personaId,
      slug: "helper-abcdef",
      ownerId: createId("user"),
      version: version.version,
      authorDeviceId: version.deviceId,
      signed,
      createdAt: 1,
      updatedAt: 2,
      lastUsedAt: null,
    };
    personas.set(version.personaId, stored);
    return stored;
  };
  return {
    api,
    personas,
    devices,
    accepted,
    put,
    setDown: (value: boolean) => {
      down = value;
    },
  };
}

const readVersion = (signed: string): PersonaVersion =>
  JSON.parse(Buffer.from(signed.split(".")[1] ?? "", "base64url").toString("utf8")) as PersonaVersion;

/** A device key with what others know of it. */
export async function createTestDevice(name = "Laptop") {
  const { publicKey, privateKey } = await createDeviceKey();
  const fingerprint = await keyFingerprint(publicKey);
  const deviceId = createId("device");
  const device: Device = {
    deviceId,
    name,
    publicKey,
    fingerprint,
    createdAt: 1,
    lastSeenAt: null,
    online: false,
    preferred: false,
  };
  return { ...device, device, privateKey };
}

/** A paired browser with one app that lists `search` and `erase`. */
export async function createTestBrowser(relay: ReturnType<typeof createTestRelay>) {
  const db = openDatabase(`test-${createId("db")}`);
  const own = await createTestDevice("This browser");
  const { deviceId, name, publicKey, fingerprint } = own;
  relay.devices.push(own.device);
  await db.deviceKey.put({ id: "device", privateKey: own.privateKey, publicKey });
  await db.relay.put({
    id: "relay",
    relayUrl: "http://127.0.0.1:1",
    relayId: "relay1",
    user: { userId: createId("user"), name: "Ada", administrator: true },
    device: { deviceId, name, publicKey, fingerprint },
    pairedAt: 1,
    clockOffset: 0,
  });
  await db.apps.put(appRow({ appId: "app_1", url: NOTES_URL, name: "Notes", credential: "none" }));
  await db.connections.put(connectionRow({ connectionId: "connection_1", appId: "app_1", label: "Notes" }));
  const list = async (definition: ToolDefinition): Promise<string> => {
    const pin = await pinTool(definition);
    await db.tools.put(toolRow(definition.name, { connectionId: "connection_1", definition, pin }));
    return pin;
  };
  await list({ name: "search", inputSchema: { type: "object" } });
  await list({ name: "erase", inputSchema: { type: "object" } });
  const deps: PersonasDeps = { db, api: relay.api, serial: createSerial(), now: Date.now };
  return { db, own, deps, list };
}

export function createDraft(changes: Partial<PersonaDraft> = {}): PersonaDraft {
  const slotId = changes.slots?.[0]?.slotId ?? createId("slot");
  return {
    personaId: null,
    baseVersion: null,
    name: "Helper",
    description: "",
    inbound: { accessKeys: true, interactive: false },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [{ slotId, appId: "app_1", connectionId: "connection_1", prefix: "Notes" }],
    tools: [{ slotId, originalName: "search", riskClass: "read", overrides: {} }],
    ...changes,
  };
}

/** A version as another device would publish it. */
export async function foreignVersion(
  author: { deviceId: string; privateKey: CryptoKey },
  changes: Partial<PersonaVersion> = {},
): Promise<{ version: PersonaVersion; signed: string }> {
  const slotId = createId("slot");
  const definition: ToolDefinition = { name: "search", inputSchema: { type: "object" } };
  const pin = await pinTool(definition);
  const version = personaVersion({
    deviceId: author.deviceId,
    name: "Foreign",
    slots: [{ slotId, appUrl: NOTES_URL, appName: "Notes", prefix: "Notes" }],
    tools: [personaTool(slotId, "search", { exposedName: "Notes_search", definition, pin })],
    ...changes,
  });
  return { version, signed: await signPersona(version, author.privateKey) };
}
