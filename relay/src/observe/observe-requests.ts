import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ObserveRequests } from "../deps.ts";
import { traceparentOf } from "../http/traceparent-of.ts";
import type { Metrics } from "./metrics.ts";
import { contextOf, formatTraceparent } from "./traceparent.ts";

const METHODS = new Set([
  "initialize",
  "ping",
  "server/discover",
  "logging/setLevel",
  "completion/complete",
  "tools/list",
  "tools/call",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "resources/subscribe",
  "resources/unsubscribe",
]);

const messageSchema = z.looseObject({ method: z.string() });

/** Follows MCP requests: how long they take, what they are refused with, and one span each. */
export function createObserveRequests({
  metrics,
  tracer,
}: {
  metrics: Pick<Metrics, "requestSeconds" | "refusals">;
  tracer: Tracer;
}): ObserveRequests {
  return {
    begin: (request, reply, { endless }) => {
      const begunAt = performance.now();
      const method = methodOf(request.body);
      const span = tracer.startSpan(
        `mcp ${method}`,
        { kind: SpanKind.SERVER, attributes: attributesOf(request, method) },
        contextOf(traceparentOf(request.headers["traceparent"], request.body)),
      );
      reply.raw.once("close", () => {
        if (!endless) metrics.requestSeconds.observe({ method }, (performance.now() - begunAt) / 1_000);
        span.setAttribute("http.response.status_code", reply.statusCode);
        if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      return { traceparent: formatTraceparent(span.spanContext()) };
    },
    refused: (code: ErrorCode | "protocol") => metrics.refusals.inc({ code }),
  };
}

/** Of a closed set: what clients send as a method is theirs to choose. */
function methodOf(body: unknown): string {
  if (Array.isArray(body)) return "batch";
  const method = messageSchema.safeParse(body).data?.method ?? "none";
  if (method.startsWith("notifications/")) return "notification";
  return METHODS.has(method) ? method : "other";
}

const attributesOf = (request: FastifyRequest, method: string) => ({
  "http.request.method": request.method,
  "http.route": request.routeOptions.url ?? "",
  "mcp.method.name": method,
  "agent_personas.request_id": request.id,
});
