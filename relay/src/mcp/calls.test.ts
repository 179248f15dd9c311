import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ClientCapabilities,
} from "@modelcontextprotocol/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectDevice, deliver, type DeviceSocket } from "../test-support/test-device.ts";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";

const OWN = ["persona_account_info", "persona_read_more", "persona_wait_for_call"];
const ERAS = ["legacy", "modern"] as const;
type Era = (typeof ERAS)[number];

let owner: Owner;
let relay: PreparedRelay;
let slug: string;
let personaId: string;
let secret: string;
let keyId: string;
let received: Call[];
let cancelled: string[];
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  ({ slug, personaId } = await owner.publish());
  ({ secret, keyId } = await owner.key(personaId));
  received = [];
  cancelled = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

/** A browser that answers each call with what `answer` makes of it; null leaves it unanswered. */
async function browser(answer: (call: Call, socket: DeviceSocket) => Outcome | null): Promise<void> {
  const socket = await connectDevice(owner.device, {
    url: relay.url,
    publicUrl: relay.config.publicUrl,
    onCall: (call, connected) => {
      received.push(call);
      const outcome = answer(call, connected);
      if (outcome !== null) deliver(connected, call, outcome);
      return { accepted: true, needsGo: false };
    },
  });
  socket.on("cancel", ({ callId }) => cancelled.push(callId));
  open.push({ close: async () => void socket.disconnect() });
}

async function connect(era: Era, key = secret, capabilities: ClientCapabilities = {}): Promise<Client> {
  const client = new Client(
    { name: "test client", version: "1.2" },
    { capabilities, versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" } },
  );
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${relay.url}/k/${slug}/mcp`), { requestInit: { headers } }),
  );
  open.push(client);
  return client;
}
const say = (text: string): Outcome => ({ kind: "result", result: { content: [{ type: "text", text }] } });
const textOf = (result: unknown): string => {
  const [block] = (result as CallToolResult).content;
  return block?.type === "text" ? block.text : "";
};

test.each(ERAS)("%s: lists what the key may call, without a browser, and calls by the app's own name", async (era) => {
  const client = await connect(era);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["Echo_post", "Echo_say", "Echo_wipe", ...OWN]);
  await browser((call) => say(`${String(call.params["name"])} ${JSON.stringify(call.params["arguments"])}`));
  const result = await client.callTool({ name: "Echo_say", arguments: { a: 1 } });
  expect(textOf(result)).toBe('say {"a":1}');
  expect(received[0]).toMatchObject({
    personaId,
    version: 1,
    principal: {
      kind: "key",
      id: keyId,
      client: "test client 1.2",
      scopes: ["read", "write", "destructive"],
      tools: null,
    },
    forwardedHeaders: {},
  });
  expect(String(received[0]?.session)).toMatch(era === "legacy" ? /^session_/u : /^null$/u);
});

test.each(ERAS)("%s: shows and calls nothing outside the key's scopes and subset", async (era) => {
  await browser(() => say("done"));
  const reader = await owner.key(personaId, { scopes: ["read"] });
  expect((await (await connect(era, reader.secret)).listTools()).tools.map(({ name }) => name)).toEqual([
    "Echo_say",
    ...OWN,
  ]);
  const narrow = await connect(era, (await owner.key(personaId, { tools: ["Echo_post"] })).secret);
  expect((await narrow.listTools()).tools.map(({ name }) => name)).toEqual(["Echo_post", ...OWN]);
  const result = await narrow.callTool({ name: "Echo_say" });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(
    /^There is no tool Echo_say in this persona for this caller\. The access key is limited.*\(tool_not_in_persona, http/u,
  );
  expect(textOf(await (await connect(era)).callTool({ name: "Echo_sai" }))).toContain("Nearest names: Echo_say");
  expect(textOf(await (await connect(era)).callTool({ name: "Echo_drop" }))).toContain("(tool_forbidden, ");
  expect(received).toEqual([]);
});

test.each(ERAS)("%s: a paused persona lists, and answers calls with who can resume it", async (era) => {
  ({ slug, personaId } = await owner.publish({ status: "paused" }));
  const reader = await owner.key(personaId, { scopes: ["read"] });
  const client = await connect(era, reader.secret);
  expect((await client.listTools()).tools).toHaveLength(4);
  expect(textOf(await client.callTool({ name: "Echo_post" }))).toContain("(persona_paused, ");
});

test.each(ERAS)("%s: says that the owner is offline when no browser is there", async (era) => {
  const result = await (await connect(era)).callTool({ name: "Echo_say" });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain(`(owner_offline, ${relay.config.publicUrl}/help#owner_offline)`);
});

test.each(ERAS)("%s: passes faults as results and the app's own errors as they are", async (era) => {
  await browser(({ params }) =>
    params["name"] === "say"
      ? { kind: "fault", code: "app_unreachable", detail: { app: "Echo", reason: "refused" } }
      : { kind: "error", error: { code: -31_234, message: "No such thing", data: { hint: ["x"] } } },
  );
  const client = await connect(era);
  expect(textOf(await client.callTool({ name: "Echo_say" }))).toContain(
    "Downstream endpoint not available: Echo (refused).",
  );
  await expect(client.callTool({ name: "Echo_post" })).rejects.toMatchObject({
    code: -31_234,
    message: expect.stringContaining("No such thing"),
    data: { hint: ["x"] },
  });
});

const STRANGE = {
  content: [
    { type: "hologram", frames: [1, 2] },
    { type: "text", text: "x", vendor: { deep: true }, _meta: { a: 1 } },
  ],
  structuredContent: { ok: 1 },
  vendorField: [null, { b: 2 }],
  _meta: { "vendor/trace": "t" },
};

test("carries results that nobody here knows without loss, in both eras", async () => {
  await browser(() => ({ kind: "result", result: STRANGE }));
  const url = `${relay.url}/k/${slug}/mcp`;
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", accept: "application/json" };
  const post = async (body: unknown, more: Record<string, string>) =>
    fetch(url, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const opened = await post(
    {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
    },
    {},
  );
  const legacy = await post(
    {
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "Echo_say", vendorParam: { kept: [1] }, _meta: { "vendor/a": 1 } },
    },
    { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" },
  );
  expect(await legacy.json()).toEqual({ jsonrpc: "2.0", id: 2, result: STRANGE });
  expect(received[0]?.params).toEqual({ name: "say", vendorParam: { kept: [1] }, _meta: { "vendor/a": 1 } });

  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "vendor/a": 1,
  };
  const modern = await post(
    {
      jsonrpc: "2.0",
      id: "three",
      method: "tools/call",
      params: { name: "Echo_say", vendorParam: { kept: [1] }, _meta },
    },
    { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "Echo_say" },
  );
  expect(await modern.json()).toEqual({
    jsonrpc: "2.0",
    id: "three",
    result: {
      ...STRANGE,
      resultType: "complete",
      _meta: { ...STRANGE._meta, "io.modelcontextprotocol/serverInfo": { name: "Release Bot", version: "1" } },
    },
  });
  expect(received[1]?.params).toEqual({ name: "say", vendorParam: { kept: [1] }, _meta: { "vendor/a": 1 } });
});

const rpc = (id: number, method: string, params: object) => ({ jsonrpc: "2.0", id, method, params });
const post = (body: unknown, more: Record<string, string> = {}) =>
  fetch(`${relay.url}/k/${slug}/mcp`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...more },
    body: JSON.stringify(body),
  });

test("a level of logs that a batch sets is kept, the last one of several", async () => {
  await browser(() => say("done"));
  const clientInfo = { name: "raw", version: "1" };
  const opened = await post(rpc(1, "initialize", { protocolVersion: "2025-03-26", capabilities: {}, clientInfo }));
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const levels = ["debug", "warning"].map((level, id) => rpc(id, "logging/setLevel", { level }));
  const answered = await post([...levels, rpc(2, "ping", {})], session);
  expect((await answered.text()).match(/^data: .*"result"/gmu)).toHaveLength(3);
  await (await post(rpc(3, "tools/call", { name: "Echo_say" }), session)).text();
  expect(received.map(({ logLevel }) => logLevel)).toEqual(["warning"]);
});

test.each(ERAS)("%s: relays progress under the caller's own token", async (era) => {
  await browser((call, socket) => {
    for (const progress of [1, 2]) {
      socket.emit("progress", {
        callId: call.callId,
        params: { progressToken: "the app's", progress, total: 2, message: "m" },
      });
    }
    return say("done");
  });
  const seen: unknown[] = [];
  const client = await connect(era);
  const onprogress = (progress: unknown): void => void seen.push(progress);
  expect(textOf(await client.callTool({ name: "Echo_say" }, { onprogress }))).toBe("done");
  expect(seen).toEqual([
    { progress: 1, total: 2, message: "m" },
    { progress: 2, total: 2, message: "m" },
  ]);
});

test("a client of 2025-11-25 hears of a link that was dealt with; later ones have no word for it", async () => {
  await browser((call, socket) => {
    socket.emit("elicited", { callId: call.callId, params: { elicitationId: "link-1" } });
    return say("done");
  });
  for (const era of ERAS) {
    const client = await connect(era, secret, { elicitation: { url: {} } });
    const heard: unknown[] = [];
    client.fallbackNotificationHandler = async ({ method, params }) => void heard.push({ method, params });
    expect(textOf(await client.callTool({ name: "Echo_say" }))).toBe("done");
    const complete = { method: "notifications/elicitation/complete", params: { elicitationId: "link-1" } };
    expect(heard).toEqual(era === "legacy" ? [complete] : []);
  }
});

test.each(ERAS)("%s: a caller that cancels cancels in the browser", async (era) => {
  await browser(() => null);
  const client = await connect(era);
  const caller = new AbortController();
  const result = client.callTool({ name: "Echo_say" }, { signal: caller.signal });
  await expect.poll(() => received.length).toBe(1);
  caller.abort();
  await expect(result).rejects.toThrow(/abort/iu);
  await expect.poll(() => cancelled).toEqual([received[0]?.callId]);
  await expect.poll(() => relay.tunnel.counts()).toMatchObject({ calls: 0 });
});

test("a session goes on after the relay restarted, and cancels there too", async () => {
  const client = await connect("legacy");
  expect((await client.listTools()).tools).toHaveLength(6);
  const before = relay;
  relay = await startPreparedRelay(owner.store);
  await before[Symbol.asyncDispose]();
  const transport = new StreamableHTTPClientTransport(new URL(`${relay.url}/p/${slug}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${secret}` } },
    sessionId: client.transport?.sessionId ?? "",
    protocolVersion: "2025-11-25",
  });
  const answers: unknown[] = [];
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has this one listener
  transport.onmessage = (message) => void answers.push(message);
  await transport.start();
  open.push(transport);
  await transport.send({ jsonrpc: "2.0", id: 50, method: "tools/list" });
  await expect.poll(() => answers).toMatchObject([{ id: 50, result: { tools: expect.any(Array) } }]);

  await browser(() => null);
  void transport.send({ jsonrpc: "2.0", id: 51, method: "tools/call", params: { name: "Echo_say" } });
  await expect.poll(() => received.length).toBe(1);
  expect(received[0]?.principal.client).toBe("test client 1.2");
  await transport.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 51 } });
  await expect.poll(() => cancelled).toEqual([received[0]?.callId]);
});

test("a client of the earlier era that closes its stream does not cancel", async () => {
  const unfinished: (() => void)[] = [];
  await browser((call, socket) => {
    unfinished.push(() => deliver(socket, call, say("late")));
    return null;
  });
  const client = await connect("legacy");
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-type": "application/json",
    "mcp-session-id": client.transport?.sessionId ?? "",
  };
  const caller = new AbortController();
  const body = JSON.stringify({ jsonrpc: "2.0", id: 70, method: "tools/call", params: { name: "Echo_say" } });
  await fetch(`${relay.url}/k/${slug}/mcp`, { method: "POST", headers, body, signal: caller.signal });
  await expect.poll(() => received.length).toBe(1);
  caller.abort();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(cancelled).toEqual([]);
  expect(relay.tunnel.counts().calls).toBeGreaterThan(0);
  unfinished[0]?.();
  await expect.poll(() => relay.tunnel.counts()).toMatchObject({ calls: 0 });
});

test("ends sessions, streams and running calls of a principal or persona at once", async () => {
  await browser(() => null);
  for (const close of [() => relay.sessions.closeOfPrincipal(keyId), () => relay.sessions.closeOfPersona(personaId)]) {
    const client = await connect("legacy");
    const modern = await connect("modern");
    const headers = { authorization: `Bearer ${secret}`, "mcp-session-id": client.transport?.sessionId ?? "" };
    const stream = await fetch(`${relay.url}/p/${slug}/mcp`, { headers: { ...headers, accept: "text/event-stream" } });
    expect(stream.status).toBe(200);
    const running = modern.callTool({ name: "Echo_say" });
    running.catch(() => undefined);
    const before = received.length;
    await expect.poll(() => received.length).toBe(before + 1);
    const started = Date.now();
    await close();
    expect(await stream.text()).toBe(": open\n\n");
    await expect(running).rejects.toBeInstanceOf(Error);
    expect(Date.now() - started).toBeLessThan(1_000);
    const after = await fetch(`${relay.url}/p/${slug}/mcp`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
    });
    expect(after.status).toBe(404);
  }
});

test("a stopping relay ends the streams that clients only listen on", async () => {
  const method = "subscriptions/listen";
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-type": "application/json",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
  };
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { notifications: {}, _meta } });
  const response = await fetch(`${relay.url}/p/${slug}/mcp`, { method: "POST", headers, body });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  relay.sessions.endStreams();
  expect(await response.text()).toContain("notifications/subscriptions/acknowledged");
});

test("nothing is left after 300 calls, of which some were given up", async () => {
  await browser(({ params }) => (params["arguments"] === undefined ? null : say("done")));
  const clients = [await connect("legacy"), await connect("modern")];
  for (const client of clients) {
    await Promise.all(Array.from({ length: 140 }, () => client.callTool({ name: "Echo_say", arguments: {} })));
    const caller = new AbortController();
    const given = Array.from({ length: 10 }, () => client.callTool({ name: "Echo_say" }, { signal: caller.signal }));
    const before = received.length;
    await expect.poll(() => received.length - before).toBe(10);
    caller.abort();
    await Promise.allSettled(given);
  }
  await Promise.all(clients.map((client) => client.close()));
  await expect.poll(() => relay.sessions.counts().requests, { timeout: 3_000 }).toBe(0);
  await expect.poll(() => relay.tunnel.counts()).toEqual({ devices: 1, calls: 0, waiting: 0 });
});
