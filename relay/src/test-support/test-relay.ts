import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessKey } from "@agent-personas/shared/oauth/access-key";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import { createSlug } from "@agent-personas/shared/primitives/slug";
import Fastify, { type FastifyBaseLogger } from "fastify";
import pino from "pino";
import { createUsageRecorder } from "../audit/usage-recorder.ts";
import { createUsedTokens } from "../bus/used-tokens.ts";
import { readConfig, withPort, type Config } from "../config.ts";
import { createDeviceDirectory } from "../devices/device-directory.ts";
import { createInbound } from "../inbound/authenticate.ts";
import { hashKey } from "../inbound/hash-key.ts";
import { mcpRoutes, type Endpoint } from "../mcp/endpoint.ts";
import { createAuthorization } from "../oauth/authorization.ts";
import { createPublishedPersonas } from "../personas/published-personas.ts";
import { newestVersions } from "../personas/newest-versions.ts";
import { insertKey } from "../store/access-keys.ts";
import { insertDevice } from "../store/devices.ts";
import { openStore } from "../store/open-store.ts";
import { advancePersona, insertPersona, insertVersion } from "../store/personas.ts";
import type { Store } from "../store/store.ts";
import { insertUser } from "../store/users.ts";
import { createTunnel, type TunnelServer } from "../tunnel/tunnel.ts";
import { createDeviceKeys, type DeviceKeys } from "./test-device.ts";
import { testVersion } from "./test-persona.ts";

export type TestRelay = AsyncDisposable & {
  url: string;
  config: Config;
  tunnel: TunnelServer;
  sessions: Endpoint;
};

/** The real tunnel and endpoint over a store, listening on a port of their own. */
export async function startTestRelay(
  store: Store,
  settings: { env?: Record<string, string>; now?: () => number } = {},
): Promise<TestRelay> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  const config = withPort(readConfig({ OWNER_WAIT_MS: "150", ...settings.env, PORT: "0" }), port);
  const now = settings.now ?? Date.now;
  const log: FastifyBaseLogger = pino({ level: "silent" });
  const personas = createPublishedPersonas(store);
  const usage = createUsageRecorder({ store, log, now });
  const authorization = createAuthorization({
    config,
    store,
    log,
    now,
    personas,
    onGrantEnded: ({ grant }) => sessions.closeOfPrincipal(grant.grantId),
  });
  const services = {
    config,
    store,
    log,
    now,
    personas,
    usage,
    devices: createDeviceDirectory(store),
    usedTokens: createUsedTokens(now),
    inbound: createInbound({ config, store, now, personas, log, authorization }),
  };
  const tunnel = createTunnel({ ...services, newestVersions: newestVersions(store) });
  const app = Fastify<Server>({ loggerInstance: log, serverFactory: (handler) => server.on("request", handler) });
  const sessions = mcpRoutes(app, { ...services, tunnel });
  await app.ready();
  tunnel.attach(server);
  return {
    url: `http://127.0.0.1:${port}`,
    config,
    tunnel,
    sessions,
    [Symbol.asyncDispose]: async () => {
      await tunnel.close();
      await app.close();
      await usage.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Owner = {
  store: Store;
  userId: string;
  device: DeviceKeys;
  /** Stores a version of the persona; answers its slug. */
  publish: (change?: Partial<PersonaVersion>) => Promise<{ slug: string; personaId: string }>;
  key: (
    personaId: string,
    options?: { scopes?: Scope[]; tools?: string[] },
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
        keyHash: await hashKey(secret),
        name: "test",
        prefix: "ap_aaaaaa",
        last4: secret.slice(-4),
        scopes: options.scopes ?? ["read", "write", "destructive"],
        tools: options.tools ?? null,
        deviceId: null,
        createdAt: 1,
        expiresAt: null,
      });
      return { keyId, secret };
    },
  };
}
