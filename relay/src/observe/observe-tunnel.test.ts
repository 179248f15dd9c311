import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Tunnel } from "../deps.ts";
import { createMetrics } from "./metrics.ts";
import { observeTunnel } from "./observe-tunnel.ts";

type CallOptions = Parameters<Tunnel["call"]>[1];

const CALL: Parameters<Tunnel["call"]>[0] = {
  personaId: "persona_1",
  version: 1,
  slotId: null,
  method: "tools/call",
  params: { name: "delete-everything", arguments: { path: "/private" } },
  principal: { kind: "key", id: "key_1", client: "client", scopes: [], tools: null },
  capabilities: {},
  logLevel: null,
  forwardedHeaders: { "x-token": "forwarded-secret" },
  session: null,
  traceparent: null,
};

function observed(call: (options: CallOptions) => Promise<Outcome>) {
  const metrics = createMetrics();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const carried: (string | null)[] = [];
  const tunnel: Pick<Tunnel, "call"> = {
    call: (given, options) => {
      carried.push(given.traceparent);
      return call(options);
    },
  };
  const parts = { metrics, tracer: provider.getTracer("test"), log: pino({ level: "silent" }), now: Date.now };
  const target = { userId: "user_1", deviceId: null };
  const run = () =>
    observeTunnel(tunnel, parts).call(CALL, { target, signal: new AbortController().signal, requestId: "req_1" });
  return { run, metrics, exporter, carried };
}

test("a browser that claims years is believed no longer than the call took", async () => {
  const { run, metrics, exporter } = observed((options) => {
    options.onTimings?.({ device: 1e15, app: 1e15 });
    return Promise.resolve({ kind: "result", result: {} });
  });
  await run();
  const [sum] = (await metrics.appSeconds.get()).values.filter(({ metricName }) => metricName?.endsWith("_sum"));
  expect(sum?.value).toBeLessThan(1);
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name).toSorted()).toEqual(["app", "browser", "tunnel tools/call"]);
  for (const { duration } of spans) expect(duration[0]).toBe(0);
});

test("every way a call ends is counted under a name of a closed set, and its span holds nothing of it", async () => {
  const outcomes: [Outcome, string][] = [
    [{ kind: "result", result: {} }, "result"],
    [{ kind: "result", result: { isError: true } }, "tool_error"],
    [{ kind: "error", error: { code: -32_602, message: "a secret reason" } }, "error"],
    [{ kind: "parked", handle: "handle-1" }, "parked"],
    [{ kind: "fault", code: "owner_offline", detail: { since: "a secret time" } }, "owner_offline"],
  ];
  for (const [outcome, name] of outcomes) {
    const { run, metrics, exporter, carried } = observed(() => Promise.resolve(outcome));
    expect(await run()).toEqual(outcome);
    expect((await metrics.calls.get()).values).toEqual([{ value: 1, labels: { method: "tools/call", outcome: name } }]);
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toEqual({
      "mcp.method.name": "tools/call",
      "agent_personas.call_id": expect.stringMatching(/^call_[0-9a-z]{9}\w{5}$/u),
      "agent_personas.outcome": name,
    });
    expect(carried).toEqual([`00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01`]);
  }
});

test("a call that throws is counted, too", async () => {
  const { run, metrics } = observed(() => Promise.reject(new Error("broken")));
  await expect(run()).rejects.toThrow("broken");
  expect((await metrics.calls.get()).values).toMatchObject([{ labels: { outcome: "internal_error" } }]);
});
