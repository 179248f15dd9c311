import "fake-indexeddb/auto";
import type { Device } from "@agent-personas/shared/api/devices";
import type { StoredPersona } from "@agent-personas/shared/api/personas";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import { pinTool, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { keyFingerprint, publicKeySchema } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import { openDatabase } from "../../db/database.ts";
import { createSerial } from "../../lib/serial.ts";
import type { PersonaDraft } from "../../messages/persona-draft.ts";
import type { PersonasDeps } from "./personas-deps.ts";

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
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const publicKey = publicKeySchema.parse({ kty, crv, x, y });
  const fingerprint = await keyFingerprint(publicKey);
  const deviceId = createId("device");
  const device: Device = { deviceId, name, publicKey, fingerprint, createdAt: 1, lastSeenAt: null, online: false };
  return { ...device, device, privateKey: pair.privateKey };
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
  await db.apps.put({
    appId: "app_1",
    url: "https://notes.example/mcp",
    name: "Notes",
    credential: "none",
    server: null,
    protocol: null,
    addedAt: 1,
  });
  await db.connections.put({
    connectionId: "connection_1",
    appId: "app_1",
    label: "Notes",
    status: "connected",
    problem: null,
    statusAt: 1,
    issuer: null,
    scopes: [],
    expiresAt: null,
    headerNames: [],
    missingOrigins: [],
    toolsListedAt: 1,
    createdAt: 1,
  });
  const list = async (definition: ToolDefinition): Promise<string> => {
    const pin = await pinTool(definition);
    const { name: tool } = definition;
    await db.tools.put({
      connectionId: "connection_1",
      name: tool,
      definition,
      pin,
      riskClass: "read",
      riskDeclared: true,
      present: true,
    });
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
    inbound: { accessKeys: true },
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
  const version: PersonaVersion = {
    format: 1,
    personaId: createId("persona"),
    version: 1,
    deviceId: author.deviceId,
    savedAt: 1,
    name: "Foreign",
    description: "",
    audience: "me",
    status: "active",
    inbound: { accessKeys: true },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [{ slotId, appUrl: "https://notes.example/mcp", appName: "Notes", prefix: "Notes" }],
    tools: [
      {
        slotId,
        originalName: "search",
        exposedName: "Notes_search",
        riskClass: "read",
        overrides: {},
        pin: await pinTool(definition),
        definition,
      },
    ],
    ...changes,
  };
  return { version, signed: await signPersona(version, author.privateKey) };
}
