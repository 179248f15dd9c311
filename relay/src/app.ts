import type { RequestListener, Server } from "node:http";
import { REQUEST_BYTES } from "@agent-personas/shared/mcp/protocol";
import { createId } from "@agent-personas/shared/primitives/id";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { limitRoutes } from "./api/limits.ts";
import { restApi } from "./api/rest-api.ts";
import { createUsageRecorder } from "./audit/usage-recorder.ts";
import { createUsedTokens } from "./bus/used-tokens.ts";
import type { Config } from "./config.ts";
import { createDeviceDirectory } from "./devices/device-directory.ts";
import { crossOrigin } from "./http/cross-origin.ts";
import { guardRequests } from "./http/guard-requests.ts";
import { guardUpgrades } from "./http/guard-upgrades.ts";
import { handleErrors } from "./http/handle-errors.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { logRequests } from "./http/log-requests.ts";
import { publicPages } from "./http/public-pages.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { trackRequests } from "./http/track-requests.ts";
import { createInbound } from "./inbound/authenticate.ts";
import { createForeignTokens } from "./inbound/passthrough/foreign-tokens.ts";
import { foreignMetadataRoutes } from "./inbound/passthrough/metadata-routes.ts";
import { createLimits } from "./limits/create-limits.ts";
import { mcpRoutes } from "./mcp/endpoint.ts";
import { addGauges } from "./observe/gauges.ts";
import { createMetrics } from "./observe/metrics.ts";
import { metricsRoutes } from "./observe/metrics-routes.ts";
import { observeLimits } from "./observe/observe-limits.ts";
import { createObserveRequests } from "./observe/observe-requests.ts";
import { observeSignIns } from "./observe/observe-sign-ins.ts";
import { observeTunnel } from "./observe/observe-tunnel.ts";
import { startTracing } from "./observe/tracing.ts";
import { createPublishedPersonas } from "./personas/published-personas.ts";
import { createAuthorization } from "./oauth/authorization.ts";
import type { Network } from "./http/outbound/pinned-request.ts";
import { devicePages } from "./oauth/pages/device-pages.ts";
import { signInPages } from "./oauth/pages/sign-in-pages.ts";
import { newestVersions } from "./personas/newest-versions.ts";
import { createSignIns } from "./sign-in/create-sign-ins.ts";
import { loadRelayId } from "./store/meta.ts";
import { loadStateKey } from "./store/state-key.ts";
import type { Store } from "./store/store.ts";
import { createTunnel } from "./tunnel/tunnel.ts";

export type App = {
  fastify: FastifyInstance;
  /** Refuses new requests, finishes those in hand within `drainMs`, and lets everything go. */
  close: (drainMs: number) => Promise<void>;
};

/** The composition list of the relay: every part, in order. */
export async function createApp(parts: {
  config: Config;
  store: Store;
  server: Server;
  log: FastifyBaseLogger;
  now: () => number;
  version: string;
  network?: Network;
}): Promise<App> {
  const { config, store, server, log, now } = parts;
  let stopping = false;
  const isStopping = (): boolean => stopping;
  let listener: RequestListener | null = null;
  const fastify = Fastify<Server>({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    trustProxy: config.trustProxy,
    bodyLimit: REQUEST_BYTES,
    requestIdHeader: false,
    genReqId: () => createId("req", now()),
    serverFactory: (handler) => {
      listener = handler;
      return server;
    },
  });
  fastify.setValidatorCompiler(validatorCompiler);
  fastify.setSerializerCompiler(serializerCompiler);

  const personas = createPublishedPersonas(store);
  const devices = createDeviceDirectory(store);
  const usedTokens = createUsedTokens(now);
  const usage = createUsageRecorder({ store, log, now });
  const metrics = createMetrics();
  const tracing = await startTracing(config.tracing, parts.version);
  const { tracer } = tracing;
  const limits = observeLimits(createLimits({ config, store, log, now }), metrics);
  const signIns = createSignIns({ now });
  const authorization = createAuthorization({
    config,
    store,
    log,
    now,
    personas,
    ...(parts.network === undefined ? {} : { network: parts.network }),
    onGrantEnded: async ({ grant: { grantId, userId } }) => {
      await sessions.closeOfPrincipal(grantId);
      // Nobody waits for browsers to hear of it.
      void tunnel.grantEnded(userId, grantId);
    },
  });
  const foreignTokens = createForeignTokens({ config, now, network: parts.network });
  const inbound = createInbound({ config, store, now, personas, log, authorization, foreignTokens, limits });
  const services = {
    config,
    store,
    log,
    now,
    personas,
    devices,
    usedTokens,
    usage,
    inbound,
    foreignTokens,
    authorization,
    limits,
  };
  const bareTunnel = createTunnel({
    ...services,
    newestVersions: newestVersions(store),
    onNotice: (news) => sessions.onNotice(news),
    onStatus: (userId) => sessions.onStatus(userId),
    onLate: (userId, result) => sessions.onLate(userId, result),
  });
  const tunnel = observeTunnel(bareTunnel, { metrics, tracer, log, now });
  handleErrors(fastify, services);
  logRequests(fastify);
  await securityHeaders(fastify, services);
  guardRequests(fastify, { config, isStopping });
  await crossOrigin(fastify, services);
  await limitRoutes(fastify);
  const requests = trackRequests(fastify);
  healthRoutes(fastify, { store, isStopping });
  metricsRoutes(fastify, { config, metrics });
  publicPages(fastify, services);
  await authorization.mount(fastify);
  foreignMetadataRoutes(fastify, services);
  const interactions = observeSignIns(authorization.interactions, metrics);
  await signInPages(fastify, { ...services, tunnel, signIns, interactions });
  const { deviceSignIns } = authorization;
  if (deviceSignIns !== null) await devicePages(fastify, { ...services, signIns, deviceSignIns });
  const observe = createObserveRequests({ metrics, tracer });
  const stateKey = await loadStateKey(store.db);
  const sessions = mcpRoutes(fastify, { ...services, tunnel, observe, stepUps: signIns.stepUps, stateKey });
  addGauges(metrics, { version: parts.version, store, tunnel, endpoint: sessions });
  const relayId = await loadRelayId(store.db);
  const deps = { ...services, tunnel, sessions, observe, signIns, relayId, version: parts.version };
  await fastify.register((scope) => restApi(scope, deps), { prefix: "/api/v1" });
  await fastify.ready();
  // Not before: a path whose route is still to come would be answered with 404.
  if (listener !== null) server.on("request", listener);
  guardUpgrades(server, config);
  tunnel.attach(server);

  return {
    fastify,
    close: async (drainMs) => {
      stopping = true;
      sessions.endStreams();
      await requests.drain(drainMs);
      await tunnel.close();
      await fastify.close();
      await usage.close();
      await limits.close();
      await tracing.close();
    },
  };
}
