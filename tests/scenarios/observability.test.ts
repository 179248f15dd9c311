import { expect, test } from "vitest";
import { z } from "zod";
import { startCollector } from "../support/collector.ts";
import { connectV2, type Endpoint } from "../support/clients.ts";
import { listen } from "../support/listen.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { startWorld } from "../support/oauth-world.ts";
import { startPersonRelay } from "../support/person-relay.ts";
import { connectApp, deploy, keyFor } from "../support/product.ts";
import { signIn } from "../support/sign-in.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TOKEN = "token-of-the-metrics-of-this-test";

async function publish({ device, relay }: NodeProduct, url: string): Promise<Endpoint> {
  const persona = await deploy(device, relay, await connectApp(device, url, "Secret Plans"), { prefixing: false });
  return keyFor(device, persona);
}

/** `tools/call` of 2026-07-28 without an SDK; answers the HTTP answer. */
async function call(
  { url, accessKey }: Endpoint,
  meta: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const version = "2026-07-28";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
    ...meta,
  };
  const params = { name: "echo", arguments: { message: "confidential" }, _meta };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessKey}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      "mcp-method": "tools/call",
      "mcp-name": "echo",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  return response;
}

const metricsOf = async (relayUrl: string, token = TOKEN): Promise<Response> =>
  fetch(`${relayUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } });

test("a call is one trace from the client to the app, and no span holds what it carries", async () => {
  await using collector = await startCollector();
  await using app = await startPlainApp();
  await using product = await startNodeProduct({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  const endpoint = await publish(product, app.url);
  const answered = await call(endpoint, {}, { traceparent: `00-${TRACE}-b7ad6b7169203331-01` });
  expect(await answered.json()).toMatchObject({ result: { content: [{ text: "confidential" }] } });
  await call(endpoint, { traceparent: `00-${TRACE.replaceAll("0", "1")}-b7ad6b7169203331-01` });
  await product.relay.stop();

  const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
  const [request, tunnel, browser, inApp] = ["mcp tools/call", "tunnel tools/call", "browser", "app"].map((name) =>
    spans.find((span) => span.name === name),
  );
  expect(request?.parentSpanId).toBe("b7ad6b7169203331");
  expect(tunnel?.parentSpanId).toBe(request?.spanId);
  expect(browser?.parentSpanId).toBe(tunnel?.spanId);
  expect(inApp?.parentSpanId).toBe(browser?.spanId);
  expect(Number(inApp?.endTimeUnixNano)).toBeGreaterThan(Number(inApp?.startTimeUnixNano));
  const id = request?.attributes.find(({ key }) => key === "agent_personas.request_id")?.value.stringValue;
  expect(id).toBe(answered.headers.get("x-request-id"));
  // A message of 2026-07-28 may say it itself.
  expect(collector.spans.filter(({ traceId }) => traceId === TRACE.replaceAll("0", "1"))).toHaveLength(4);

  const sent = collector.bodies.join("");
  for (const secret of ["confidential", "Secret Plans", endpoint.accessKey ?? "-", new URL(endpoint.url).pathname]) {
    expect(sent).not.toContain(secret);
  }
});

/** An app of 2025-11-25 with one tool, and the trace headers of the calls to it. */
async function startEarlierApp(): Promise<{ url: string; traces: (string | null)[] } & AsyncDisposable> {
  const traces: (string | null)[] = [];
  const listening = await listen((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const message = z
        .looseObject({ id: z.unknown().optional(), method: z.string() })
        .safeParse(JSON.parse(body || "{}")).data;
      if (message?.method === "tools/call") traces.push(String(request.headers["traceparent"] ?? null));
      const result = message === undefined ? undefined : ANSWERS[message.method];
      if (message?.id === undefined) return response.writeHead(result === undefined ? 405 : 202).end();
      const outcome = result === undefined ? { error: { code: -32_601, message: "unknown" } } : { result };
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, ...outcome }));
    });
  });
  return {
    url: `${listening.origin}/mcp`,
    traces,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

const ANSWERS: Record<string, unknown> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "earlier", version: "1" },
  },
  "notifications/initialized": {},
  "tools/list": { tools: [{ name: "echo", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }] },
  "tools/call": { content: [] },
};

test("without a collector the client's trace is carried to an earlier app, and nothing that is no trace is", async () => {
  await using app = await startEarlierApp();
  await using product = await startNodeProduct();
  const endpoint = await publish(product, app.url);
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  await (await call(endpoint, {}, { traceparent })).text();
  await (await call(endpoint, { traceparent })).text();
  await (await call(endpoint, {}, { traceparent: "00-not-a-trace" })).text();
  expect(app.traces).toEqual([traceparent, traceparent, "null"]);
});

test("one request id is in the header, in the error and in every line of the log about it", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct();
  const endpoint = await publish(product, app.url);
  const linesOf = (id: string | null) => product.relay.log.filter((line) => line.includes(`"requestId":"${id}"`));

  const answered = await call(endpoint, {});
  await answered.text();
  const id = answered.headers.get("x-request-id");
  await expect.poll(() => linesOf(id).map((line) => /"msg":"([^"]+)"/u.exec(line)?.[1])).toEqual(["call", "request"]);
  expect(linesOf(id)[0]).toContain('"outcome":"result"');

  const refused = await call({ ...endpoint, accessKey: "ap_wrong" }, {});
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({
    error: { data: { code: "invalid_token", requestId: refused.headers.get("x-request-id") } },
  });
  expect(linesOf(refused.headers.get("x-request-id"))).not.toEqual([]);
});

test("metrics count calls, outcomes and refusals for whoever has the token, and name nobody", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct({ env: { METRICS_TOKEN: TOKEN } });
  const endpoint = await publish(product, app.url);
  await using session = await connectV2(endpoint, "legacy");
  await session.client.callTool({ name: "echo", arguments: { message: "confidential" } });
  await call({ ...endpoint, accessKey: "ap_wrong" }, {});

  expect((await metricsOf(product.relay.url, "wrong")).status).toBe(401);
  expect((await fetch(`${product.relay.url}/metrics`)).status).toBe(401);
  const text = await (await metricsOf(product.relay.url)).text();
  for (const line of [
    'agent_personas_calls_total{method="tools/call",outcome="result"} 1',
    'agent_personas_refusals_total{code="invalid_token"} 1',
    'agent_personas_request_seconds_count{method="tools/call"} 1',
    "agent_personas_call_seconds_count 1",
    "agent_personas_tunnel_seconds_count 1",
    "agent_personas_app_seconds_count 1",
    "agent_personas_devices 1",
    "agent_personas_sessions_live 1",
    "agent_personas_sessions_stored 1",
    "agent_personas_calls_in_flight 0",
    "agent_personas_calls_queued 0",
    "agent_personas_calls_waiting 0",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toContain("process_resident_memory_bytes");
  const { pathname } = new URL(endpoint.url);
  for (const name of ["Secret Plans", "Ada", "echo", "Test persona", pathname.split("/")[2] ?? "-"]) {
    expect(text).not.toContain(name);
  }
});

test("a refused rate is counted", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct({ env: { METRICS_TOKEN: TOKEN, RATE_LIMIT: "1" } });
  const endpoint = await publish(product, app.url);
  await call(endpoint, {});
  await call(endpoint, {});
  const text = await (await metricsOf(product.relay.url)).text();
  expect(text).toContain('agent_personas_limit_refusals_total{limit="rate"} 1');
  expect(text).toContain('agent_personas_refusals_total{code="rate_limited"} 1');
});

test("what people answer AI clients that sign in is counted", async () => {
  await using world = await startWorld(await startPersonRelay({ env: { METRICS_TOKEN: TOKEN } }));
  for (const decide of ["Allow", "Deny", "Allow"] as const) {
    await signIn(world.authorize(await world.client()).url, { accessKey: world.key, decide });
  }
  const text = await (await metricsOf(world.relay.url)).text();
  expect(text).toContain('agent_personas_sign_ins_total{answer="allowed"} 2');
  expect(text).toContain('agent_personas_sign_ins_total{answer="denied"} 1');
});

test("calls that a budget and credentials that an address may not try are counted", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct({ env: { METRICS_TOKEN: TOKEN, MONTHLY_CALLS: "0" } });
  const endpoint = await publish(product, app.url);
  await call(endpoint, {});
  for (let tried = 0; tried <= 120; tried += 1) await call({ ...endpoint, accessKey: "ap_wrong" }, {});
  const text = await (await metricsOf(product.relay.url)).text();
  expect(text).toContain('agent_personas_limit_refusals_total{limit="budget"} 1');
  expect(text).toContain('agent_personas_limit_refusals_total{limit="address"} 1');
});

test("a relay without a token has no metrics to show", async () => {
  await using product = await startNodeProduct();
  expect((await metricsOf(product.relay.url)).status).toBe(404);
});
