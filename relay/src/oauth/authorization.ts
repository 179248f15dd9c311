import type { FastifyInstance, FastifyRequest } from "fastify";
import { Provider, type Adapter } from "oidc-provider";
import { z } from "zod";
import type { Authorization, RelayDeps } from "../deps.ts";
import { listLiveGrantIds } from "../store/grants.ts";
import { createClientAdapter } from "./client-adapter.ts";
import { createDocumentFetcher } from "./client-documents/fetch-document.ts";
import type { Network } from "../http/outbound/pinned-request.ts";
import { createDeviceCodeAdapter } from "./device-flow/device-code-adapter.ts";
import { createDeviceInteractions, isDeviceSignIn, type DeviceSignIns } from "./device-flow/device-interactions.ts";
import { endGrant, type EndedGrant } from "./end-grant.ts";
import { createGrantAdapter } from "./grant-adapter.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { metadataRoutes } from "./metadata-routes.ts";
import { protocolRoutes } from "./protocol-routes.ts";
import { createProvider } from "./provider.ts";
import { createRevocableTokens } from "./revocable-tokens.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { createRecordAdapter } from "./store-adapter.ts";
import { createSweeper } from "./sweep.ts";
import { readOwnToken, verifyToken } from "./verify-token.ts";

export type AuthorizationServer = Authorization & {
  interactions: Interactions;
  /** null unless the relay lets clients sign in by a code. */
  deviceSignIns: DeviceSignIns | null;
  /** Adds the protocol's routes and the metadata documents. */
  mount: (app: FastifyInstance) => Promise<void>;
};

type Deps = Pick<RelayDeps, "config" | "store" | "log" | "now" | "personas"> & {
  onGrantEnded: (ended: EndedGrant) => Promise<void>;
  /** How client metadata documents are reached; tests give their own. */
  network?: Network;
};

/** The relay's own authorization server: OAuth 2.1 for AI clients. */
export function createAuthorization(deps: Deps): AuthorizationServer {
  const keys = createSigningKeys(deps);
  const sweep = createSweeper(deps);
  const verifying = { store: deps.store, now: deps.now, keys, issuer: deps.config.publicUrl };
  const revocable = createRevocableTokens((token) => readOwnToken(verifying, token));
  const documents = createDocumentFetcher(deps);
  const engineDeps = { ...deps, documents, adapter: createAdapters(deps, revocable.adapter) };
  let engine: { provider: Provider; keys: Awaited<ReturnType<typeof keys.current>> } | null = null;

  const provider = async (): Promise<Provider> => {
    await sweep();
    const now = await keys.current();
    if (engine === null || engine.keys !== now) engine = { provider: createProvider(engineDeps, now), keys: now };
    return engine.provider;
  };
  const deviceSignIns = deps.config.deviceFlow ? createDeviceInteractions(deps) : null;
  const endAll = async (grantIds: readonly string[]): Promise<void> => {
    for (const grantId of grantIds) await endGrant(deps, grantId, "revoked");
  };

  return {
    verify: (token, audiences) => verifyToken(verifying, token, audiences),
    revokeGrant: (grantId) => endGrant(deps, grantId, "revoked"),
    revokeGrantsOfPersona: async (personaId) => endAll(await listLiveGrantIds(deps.store.db, { personaId })),
    revokeGrantsOfKey: async (keyId) => endAll(await listLiveGrantIds(deps.store.db, { keyId })),
    interactions: eitherOf(createInteractions({ ...deps, provider }), deviceSignIns),
    deviceSignIns,
    mount: async (app) => {
      await app.register(async (scope) => {
        protocolRoutes(scope, { config: deps.config, provider, keys: keys.current, revocable: revocable.mark });
      });
      await app.register(async (scope) => metadataRoutes(scope, deps));
    },
  };
}

function createAdapters(deps: Deps, accessTokens: Adapter): (name: string) => Adapter {
  const grants = createGrantAdapter({
    ...deps,
    // At the token endpoint the engine ends a grant only when a code or refresh token came a second time.
    end: (grantId) => endGrant(deps, grantId, Provider.ctx?.oidc.route === "token" ? "reuse" : "revoked"),
  });
  return (name) => {
    switch (name) {
      case "AuthorizationCode":
      case "RefreshToken":
      case "Interaction":
        return createRecordAdapter(name, deps);
      case "DeviceCode":
        return createDeviceCodeAdapter(deps);
      case "Client":
        return createClientAdapter(deps);
      case "Grant":
        return grants;
      case "AccessToken":
        return accessTokens;
      default:
        return NOTHING;
    }
  };
}

/** Both kinds of sign-ins for the same pages. */
function eitherOf(redirected: Interactions, device: DeviceSignIns | null): Interactions {
  const of = (request: FastifyRequest): Interactions => {
    const uid = z.object({ uid: z.string() }).safeParse(request.params).data?.uid;
    return device !== null && uid !== undefined && isDeviceSignIn(uid) ? device : redirected;
  };
  return {
    load: (request, reply) => of(request).load(request, reply),
    finish: (request, reply, decision) => of(request).finish(request, reply, decision),
    deny: (request, reply) => of(request).deny(request, reply),
  };
}

/** For what the engine would keep and nothing here needs, such as its session. */
const NOTHING: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};
