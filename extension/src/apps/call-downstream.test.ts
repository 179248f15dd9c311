import { expect, test } from "vitest";
import type { DownstreamCall } from "./downstream.ts";
import { startAppServer } from "./test-support/app-server.ts";
import { serve } from "./test-support/serve.ts";
import { setUpApps } from "./test-support/set-up.ts";

function call(connectionId: string, name: string, args: object, more: Partial<DownstreamCall> = {}): DownstreamCall {
  return {
    connectionId,
    callerKey: "caller",
    forwardedHeaders: null,
    params: { name, arguments: args },
    signal: new AbortController().signal,
    deadline: AbortSignal.timeout(10_000),
    method: "tools/call" as const,
    capabilities: {},
    logLevel: null,
    ...more,
  };
}

type Rpc = { id?: number | string; method: string; params?: Record<string, unknown> };

/** A server of one fixed answer for `tools/call`, in the bare words of the protocol. */
function rawServer(answer: (request: Rpc) => unknown, seen: Rpc[] = []) {
  return serve(async (request) => {
    const message = (await request.json()) as Rpc;
    seen.push(message);
    if (message.id === undefined) return new Response(null, { status: 202 });
    if (message.method === "initialize") {
      const serverInfo = { name: "raw", version: "1" };
      const result = { protocolVersion: "2025-11-25", capabilities: { tools: {}, logging: {} }, serverInfo };
      return Response.json({ jsonrpc: "2.0", id: message.id, result });
    }
    if (message.method === "server/discover") {
      return Response.json({ jsonrpc: "2.0", id: message.id, error: { code: -32_601, message: "unknown" } });
    }
    return Response.json({ jsonrpc: "2.0", id: message.id, ...(answer(message) as object) });
  });
}

test("a result passes with everything that no schema knows", async () => {
  const result = {
    content: [
      { type: "hologram", data: { depth: 3 }, annotations: { audience: ["x"] } },
      { type: "text", text: "a", _meta: { "x/y": 1 }, unknown: [1, { two: null }] },
    ],
    structuredContent: [1, 2],
    isError: false,
    unknownMember: { deep: true },
    _meta: { "com.example/z": { a: 1 } },
  };
  await using server = await rawServer(() => ({ result }));
  await using apps = await setUpApps();
  const connectionId = await apps.add(server.origin, "none");
  expect(await apps.downstream.call(call(connectionId, "x", {}))).toEqual({ kind: "result", result });
});

test("a result without the members that the protocol requires passes too", async () => {
  await using server = await rawServer(() => ({ result: { odd: 1 } }));
  await using apps = await setUpApps();
  const connectionId = await apps.add(server.origin, "none");
  expect(await apps.downstream.call(call(connectionId, "x", {}))).toEqual({ kind: "result", result: { odd: 1 } });
});

test("an app of 2026-07-28 does not speak for the relay", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toEqual({
    kind: "result",
    result: { content: [{ type: "text", text: "x" }], resultType: "complete" },
  });
});

test("a JSON-RPC error is data, with its own code and data", async () => {
  const error = { code: -32_042, message: "Visit the page", data: { elicitations: [{ url: "https://x" }] } };
  await using server = await rawServer(() => ({ error }));
  await using apps = await setUpApps();
  const connectionId = await apps.add(server.origin, "none");
  expect(await apps.downstream.call(call(connectionId, "x", {}))).toEqual({ kind: "error", error });
});

test("parameters reach the app as they were, without the caller's envelope", async () => {
  const seen: Rpc[] = [];
  await using server = await rawServer(() => ({ result: { content: [] } }), seen);
  await using apps = await setUpApps();
  const connectionId = await apps.add(server.origin, "none");
  const params = {
    name: "x",
    arguments: { a: { b: [null, "ü"] } },
    extra: { kept: 1 },
    _meta: {
      "com.example/trace": "t",
      progressToken: "caller-token",
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": { sampling: {} },
    },
  };
  await apps.downstream.call(call(connectionId, "x", {}, { params }));
  expect(seen.find(({ method }) => method === "tools/call")?.params).toEqual({
    name: "x",
    arguments: { a: { b: [null, "ü"] } },
    extra: { kept: 1 },
    _meta: { "com.example/trace": "t" },
  });
});

test.each(["legacy", "both"] as const)("progress carries the caller's token (%s)", async (era) => {
  await using app = await startAppServer({ era });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const progress: unknown[] = [];
  const params = { name: "slow", arguments: { ms: 20 }, _meta: { progressToken: "mine" } };
  const onProgress = (sent: unknown): void => void progress.push(sent);
  expect(await apps.downstream.call(call(connectionId, "slow", {}, { params, onProgress }))).toMatchObject({
    kind: "result",
    result: { content: [{ type: "text", text: "done" }] },
  });
  expect(progress).toEqual([expect.objectContaining({ progressToken: "mine", progress: 1, message: "half way" })]);
});

test.each(["legacy", "both"] as const)("an abort by the caller reaches the app (%s)", async (era) => {
  await using app = await startAppServer({ era });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const abort = new AbortController();
  const running = apps.downstream.call(call(connectionId, "slow", { ms: 5_000 }, { signal: abort.signal }));
  await expect.poll(() => app.executed).toContain("slow");
  abort.abort(new Error("gone"));
  expect(await running).toMatchObject({ kind: "fault", code: "call_cancelled" });
  await expect.poll(() => app.executed).toContain("cancelled");
});

test("at the deadline the call is aborted and may have happened", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  await apps.downstream.call(call(connectionId, "echo", { text: "warm" }));
  expect(
    await apps.downstream.call(call(connectionId, "slow", { ms: 5_000 }, { deadline: AbortSignal.timeout(100) })),
  ).toEqual({
    kind: "fault",
    code: "app_timeout",
    detail: { app: "Fake App" },
  });
  await expect.poll(() => app.executed).toContain("cancelled");
});

test("a forgotten session is opened again, once, and the call is executed once", async () => {
  await using app = await startAppServer({ era: "legacy" });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  await apps.downstream.call(call(connectionId, "echo", { text: "1" }));
  app.sessions.clear();
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "2" }))).toMatchObject({ kind: "result" });
  expect(app.executed).toEqual(["1", "2"]);
  const initialised = app.requests.filter(({ body }) => body.includes('"initialize"'));
  expect(initialised).toHaveLength(2);
});

test("sessions are never shared between callers, and a caller keeps its own", async () => {
  await using app = await startAppServer({ era: "legacy" });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  for (const callerKey of ["a", "b", "a", "b"]) {
    await apps.downstream.call(call(connectionId, "echo", { text: callerKey }, { callerKey }));
  }
  expect(app.sessions.size).toBe(2);
  const calls = app.requests.filter(({ body }) => body.includes("tools/call"));
  const ids = calls.map(({ headers }) => headers.get("mcp-session-id"));
  expect(ids[0]).toBe(ids[2]);
  expect(ids[1]).toBe(ids[3]);
  expect(ids[0]).not.toBe(ids[1]);
  await apps.downstream.close();
  expect(app.sessions.size).toBe(0);
});

test("an app that is down is named with the reason, and its status follows", async () => {
  const app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  await app[Symbol.asyncDispose]();
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toEqual({
    kind: "fault",
    code: "app_unreachable",
    detail: { app: "Fake App", reason: "connection refused" },
  });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "unreachable" });
});

test("where the browser's permission is missing the call says so", async () => {
  await using apps = await setUpApps({
    fetch: () => Promise.reject(new TypeError("Failed to fetch")),
    mayReach: () => Promise.resolve(false),
  });
  const connectionId = await apps.add("https://mcp.example.com/mcp", "none");
  expect(await apps.downstream.call(call(connectionId, "echo", {}))).toMatchObject({ code: "connect_permission" });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({
    status: "permission_missing",
    missingOrigins: ["https://mcp.example.com"],
  });
});

test("a connection that is not there is not bound", async () => {
  await using apps = await setUpApps();
  expect(await apps.downstream.call(call("connection_none", "x", {}))).toMatchObject({ code: "app_not_bound" });
});

test("a server that refuses the extension's Origin gets requests without it", async () => {
  await using app = await startAppServer();
  let stripped = 0;
  app.guard = () => (stripped > 0 ? null : new Response("Invalid Origin", { status: 403 }));
  const originRules = { strip: (url: string) => Promise.resolve(url === app.url && stripped++ === 0) };
  await using apps = await setUpApps({ originRules });
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({ kind: "result" });
});

test("an event stream that ends without an answer leaves the outcome unknown", async () => {
  await using app = await startAppServer({ era: "legacy" });
  app.guard = async (request) =>
    (await request.clone().text()).includes("tools/call")
      ? new Response("event: message\ndata: \n\n", { headers: { "content-type": "text/event-stream" } })
      : null;
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({
    code: "outcome_unknown",
  });
});

test("an answer without end is broken off", async () => {
  await using app = await startAppServer({ era: "legacy" });
  app.guard = async (request) => {
    if (!(await request.clone().text()).includes("tools/call")) return null;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024).fill(32)),
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({
    code: "result_too_large",
  });
});

test("static headers go with every request and nowhere else", async () => {
  await using app = await startAppServer();
  app.guard = (request) => (request.headers.get("x-api-key") === "canary" ? null : new Response(null, { status: 401 }));
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "headers");
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({
    code: "app_needs_sign_in",
  });
  await apps.gateway.setHeaders(connectionId, { "X-Api-Key": "canary" });
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({ kind: "result" });
  const rows = [await apps.database.connections.toArray(), await apps.database.apps.toArray()];
  expect(JSON.stringify(rows)).not.toContain("canary");
});

test("a redirect is refused, so that no credential follows it", async () => {
  await using other = await startAppServer();
  await using app = await startAppServer();
  app.guard = () => new Response(null, { status: 307, headers: { location: other.url } });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "headers");
  await apps.gateway.setHeaders(connectionId, { "X-Api-Key": "canary" });
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "x" }))).toMatchObject({
    code: "app_unreachable",
  });
  expect(other.requests).toEqual([]);
});

test("eight calls run at once, more wait in line, and beyond the line the app is too busy", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  await apps.downstream.call(call(connectionId, "echo", { text: "warm" }));
  const abort = new AbortController();
  const slow = () => apps.downstream.call(call(connectionId, "slow", { ms: 60_000 }, { signal: abort.signal }));
  const running = Array.from({ length: 72 }, slow);
  await expect.poll(() => app.executed.filter((name) => name === "slow")).toHaveLength(8);
  expect(await slow()).toMatchObject({ kind: "fault", code: "too_busy" });
  abort.abort(new Error("enough"));
  for (const outcome of await Promise.all(running)) expect(outcome).toMatchObject({ code: "call_cancelled" });
  expect(await apps.downstream.call(call(connectionId, "echo", { text: "after" }))).toMatchObject({ kind: "result" });
});

test("an app hears in which trace a call is: by header, or by its message as of 2026-07-28", async () => {
  const ours = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const theirs = ours.replace("b7ad", "0000");
  for (const era of ["legacy", "both"] as const) {
    await using server = await startAppServer({ era });
    await using apps = await setUpApps();
    const connectionId = await apps.add(server.url, "none");
    const params = { name: "echo", arguments: { text: "a" }, _meta: { traceparent: theirs } };
    await apps.downstream.call(call(connectionId, "echo", {}, { params, traceparent: ours }));
    const sent = server.requests.find(({ body }) => body.includes('"tools/call"'));
    expect(sent?.headers.get("traceparent")).toBe(era === "legacy" ? ours : null);
    expect(sent?.body).toContain(`"traceparent":"${era === "legacy" ? theirs : ours}"`);
  }
});

test("a level of logs that could not be set is set with the next call, and then no more", async () => {
  const seen: Rpc[] = [];
  const levels = () => seen.filter(({ method }) => method === "logging/setLevel");
  await using server = await rawServer(
    ({ method }) =>
      method === "logging/setLevel" && levels().length === 1
        ? { error: { code: -32_603, message: "not now" } }
        : { result: { content: [] } },
    seen,
  );
  await using apps = await setUpApps();
  const connectionId = await apps.add(server.origin, "none");
  for (let n = 0; n < 3; n += 1) {
    const outcome = await apps.downstream.call(call(connectionId, "x", {}, { logLevel: "info" }));
    expect(outcome).toEqual({ kind: "result", result: { content: [] } });
  }
  expect(levels()).toHaveLength(2);
});
