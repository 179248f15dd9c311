import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyBaseLogger } from "fastify";
import pino from "pino";
import { createUsageRecorder } from "../audit/usage-recorder.ts";
import { createUsedTokens } from "../bus/used-tokens.ts";
import { readConfig, withPort, type Config } from "../config.ts";
import { createDeviceDirectory } from "../devices/device-directory.ts";
import { createInbound } from "../inbound/authenticate.ts";
import { createForeignTokens } from "../inbound/passthrough/foreign-tokens.ts";
import { createLimits } from "../limits/create-limits.ts";
import { mcpRoutes, type Endpoint } from "../mcp/endpoint.ts";
import type { Network } from "../http/outbound/pinned-request.ts";
import { createMetrics } from "../observe/metrics.ts";
import { createObserveRequests } from "../observe/observe-requests.ts";
import { startTracing } from "../observe/tracing.ts";
import { createPublishedPersonas } from "../personas/published-personas.ts";
import { newestVersions } from "../personas/newest-versions.ts";
import type { Store } from "../store/store.ts";
import { loadStateKey } from "../store/state-key.ts";
import { createStepUps } from "../inbound/step-ups.ts";
import { createTunnel, type TunnelServer } from "../tunnel/tunnel.ts";
import { createAuthorization } from "../oauth/authorization.ts";

export type PreparedRelay = AsyncDisposable & {
  url: string;
  config: Config;
  tunnel: TunnelServer;
  sessions: Endpoint;
};

/** The real tunnel and endpoint over a store, listening on a port of their own. */
export async function startPreparedRelay(
  store: Store,
  settings: { env?: Record<string, string>; now?: () => number; network?: Network } = {},
): Promise<PreparedRelay> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  const config = withPort(readConfig({ OWNER_WAIT_MS: "150", RATE_LIMIT: "100000", ...settings.env, PORT: "0" }), port);
  const now = settings.now ?? Date.now;
  const log: FastifyBaseLogger = pino({ level: "silent" });
  const personas = createPublishedPersonas(store);
  const usage = createUsageRecorder({ store, log, now });
  const limits = createLimits({ config, store, log, now });
  const metrics = createMetrics();
  const { tracer } = await startTracing(null, "0");
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
    limits,
    devices: createDeviceDirectory(store),
    usedTokens: createUsedTokens(now),
    inbound: createInbound({
      config,
      store,
      now,
      personas,
      log,
      authorization,
      limits,
      foreignTokens: createForeignTokens({ config, now, network: settings.network }),
    }),
  };
  const tunnel = createTunnel({
    ...services,
    newestVersions: newestVersions(store),
    onNotice: (news) => sessions.onNotice(news),
    onStatus: (userId) => sessions.onStatus(userId),
    onLate: (userId, result) => sessions.onLate(userId, result),
  });
  const app = Fastify<Server>({ loggerInstance: log, serverFactory: (handler) => server.on("request", handler) });
  const sessions = mcpRoutes(app, {
    ...services,
    tunnel,
    observe: createObserveRequests({ metrics, tracer }),
    stepUps: createStepUps({ now }),
    stateKey: await loadStateKey(store.db),
  });
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
      await limits.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
