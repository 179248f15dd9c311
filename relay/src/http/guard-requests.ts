import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { checkHost } from "./check-host.ts";
import { checkOrigin } from "./check-origin.ts";
import { isOpenPath } from "./open-paths.ts";

/** Probes come with any Host, and tell nothing, or only to whoever has the token of the metrics. */
const PROBES = new Set(["/healthz", "/readyz", "/metrics"]);

/** First of all checks on any address: stopping, Host, Origin. */
export function guardRequests(
  app: FastifyInstance,
  deps: Pick<RelayDeps, "config"> & { isStopping: () => boolean },
): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (PROBES.has(request.routeOptions.url ?? "")) return;
    if (deps.isStopping()) throw new AppError("shutting_down", { detail: { retryAfter: "5" } });
    checkHost(request.host === "" ? undefined : request.host, deps.config);
    if (!isOpenPath(request.url)) checkOrigin(request.headers.origin, deps.config);
  });
}
