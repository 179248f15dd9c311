import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { addProcessMetrics, type Metrics } from "./metrics.ts";

/**
 * Metrics for whoever has the token of the settings; without one there is no such route. Not by address: behind a
 * proxy on the same machine everybody comes from loopback.
 */
export function metricsRoutes(app: FastifyInstance, deps: Pick<RelayDeps, "config"> & { metrics: Metrics }): void {
  const { metricsToken } = deps.config;
  if (metricsToken === null) return;
  const { registry } = deps.metrics;
  addProcessMetrics(deps.metrics);
  app.get("/metrics", async (request, reply) => {
    if (!isSame(request.headers.authorization ?? "", `Bearer ${metricsToken}`)) throw new AppError("invalid_token");
    return reply
      .header("cache-control", "no-store")
      .type(registry.contentType)
      .send(await registry.metrics());
  });
}

const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
