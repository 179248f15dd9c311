import { createId } from "@agent-personas/shared/primitives/id";
import type { CallResult, Outcome } from "@agent-personas/shared/tunnel/messages";
import { SpanKind, SpanStatusCode, trace, type Span, type Tracer } from "@opentelemetry/api";
import type { FastifyBaseLogger } from "fastify";
import type { Tunnel } from "../deps.ts";
import type { Metrics } from "./metrics.ts";
import { contextOf, formatTraceparent } from "./traceparent.ts";

type ObserveDeps = {
  metrics: Pick<Metrics, "calls" | "callSeconds" | "tunnelSeconds" | "appSeconds">;
  tracer: Tracer;
  log: FastifyBaseLogger;
  now: () => number;
};

/** Prefix, time and a few of the random characters. */
const SHORTENED = "call_".length + 9 + 5;

type Timings = CallResult["timings"];

/** The same tunnel; its calls are counted, measured, traced and, at level `debug`, logged. */
export function observeTunnel<T extends Pick<Tunnel, "call">>(tunnel: T, deps: ObserveDeps): T {
  const { metrics, tracer, now } = deps;
  return {
    ...tunnel,
    call: async (call: Parameters<Tunnel["call"]>[0], options: Parameters<Tunnel["call"]>[1]): Promise<Outcome> => {
      const begunAt = performance.now();
      const callId = options.callId ?? createId("call", now());
      const span = tracer.startSpan(
        `tunnel ${call.method}`,
        {
          kind: SpanKind.CLIENT,
          attributes: { "mcp.method.name": call.method, "agent_personas.call_id": shortened(callId) },
        },
        contextOf(call.traceparent),
      );
      const seconds = (): number => (performance.now() - begunAt) / 1_000;
      const onTimings = (reported: Timings): void => {
        const timings = believable(reported, seconds());
        metrics.appSeconds.observe(timings.app);
        metrics.tunnelSeconds.observe(seconds() - timings.device);
        addSpans(span, timings, deps);
      };
      let outcome = "internal_error";
      try {
        const traceparent = formatTraceparent(span.spanContext());
        const answer = await tunnel.call({ ...call, traceparent }, { ...options, callId, onTimings });
        outcome = labelOf(answer);
        return answer;
      } finally {
        metrics.calls.inc({ method: call.method, outcome });
        metrics.callSeconds.observe(seconds());
        span.setAttribute("agent_personas.outcome", outcome);
        if (!["result", "tool_error", "parked"].includes(outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
        const { requestId } = options;
        const milliseconds = Math.round(seconds() * 1_000);
        deps.log.debug({ requestId, callId: shortened(callId), method: call.method, outcome, milliseconds }, "call");
      }
    },
  };
}

/** Tells calls apart. The whole id opens what is stored of the call's stream, so it is not for logs and collectors. */
const shortened = (callId: string): string => callId.slice(0, SHORTENED);

/** In seconds, and no longer than the call itself took: a browser may say what it likes. */
function believable({ device, app }: Timings, elapsed: number): Timings {
  const within = Math.min(device / 1_000, elapsed);
  return { device: within, app: Math.min(app / 1_000, within) };
}

/** The browser's part, from what it reports: it would need an exporter and an address to send to otherwise. */
function addSpans(call: Span, { device, app }: Timings, { tracer, now }: Pick<ObserveDeps, "tracer" | "now">): void {
  if (!call.isRecording()) return;
  const end = now();
  const inCall = trace.setSpan(contextOf(null), call);
  const browser = tracer.startSpan("browser", { startTime: end - device * 1_000 }, inCall);
  const kind = SpanKind.CLIENT;
  tracer.startSpan("app", { kind, startTime: end - app * 1_000 }, trace.setSpan(inCall, browser)).end(end);
  browser.end(end);
}

function labelOf(outcome: Outcome): string {
  if (outcome.kind === "fault") return outcome.code;
  return outcome.kind === "result" && outcome.result["isError"] === true ? "tool_error" : outcome.kind;
}
