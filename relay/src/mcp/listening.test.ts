import type { Listen, Notice } from "@agent-personas/shared/tunnel/messages";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";
import { connectDevice, type DeviceKeys } from "../test-support/test-device.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";

const NOTES = ["notes://one", "notes://two", "notes://three"];
const UPDATED = "notifications/resources/updated";
const LISTS = "notifications/tools/list_changed";
type Era = "legacy" | "modern";

let owner: Owner;
let relay: PreparedRelay;
let slug: string;
let personaId: string;
let secret: string;
const open: (() => Promise<void>)[] = [];

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  ({ slug, personaId } = await owner.publish({
    slots: [
      { slotId: SLOT_ID, appUrl: "https://echo.example/mcp", appName: "Echo", prefix: "Echo", resources: "picked" },
    ],
    resources: NOTES.map((uri) => ({
      slotId: SLOT_ID,
      exposedUri: uri,
      pin: "0".repeat(64),
      definition: { uri, name: uri },
    })),
  }));
  ({ secret } = await owner.key(personaId));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

/** A browser that remembers what it is to listen to and says what its app says. */
async function browser(device: DeviceKeys) {
  const told: Listen["slots"][] = [];
  const socket = await connectDevice(device, { url: relay.url, publicUrl: relay.config.publicUrl });
  socket.on("listen", ({ slots }, ack) => {
    told.push(slots);
    ack({ stored: true });
  });
  open.push(async () => void socket.disconnect());
  const say = (method: Notice["method"], params: Notice["params"] = {}): Promise<unknown> =>
    socket.timeout(2_000).emitWithAck("notice", { personaId, slotId: SLOT_ID, method, params });
  const listensTo = () => ({ lists: told.at(-1)?.[0]?.lists ?? false, resources: told.at(-1)?.[0]?.resources ?? [] });
  return { say, listensTo };
}

async function connect(era: Era, key = secret) {
  const heard: [string, unknown][] = [];
  const client = new Client(
    { name: "listener", version: "1" },
    { versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" } },
  );
  client.fallbackNotificationHandler = ({ method, params }) => {
    heard.push([method, params?.["uri"]]);
    return Promise.resolve();
  };
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${relay.url}/k/${slug}/mcp`), { requestInit: { headers } }),
  );
  open.push(() => client.close());
  return { client, heard };
}

const post = (body: unknown, headers: Record<string, string>): Promise<Response> =>
  fetch(`${relay.url}/p/${slug}/mcp`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify(body),
  });

async function openSession(protocolVersion: string): Promise<Record<string, string>> {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  const opened = await post({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {});
  await opened.text();
  return { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
}

const ask = (id: number, method: string, uri: string) => ({ jsonrpc: "2.0", id, method, params: { uri } });

test("of subscriptions that come together none undoes another, neither for the browser nor in the database", async () => {
  const { listensTo } = await browser(owner.device);
  const session = await openSession("2025-03-26");
  const batch = NOTES.map((uri, id) => ask(id, "resources/subscribe", uri));
  expect(await (await post(batch, session)).text()).not.toContain('"error"');
  const kept = async () => (await owner.store.sessions.find(session["mcp-session-id"] ?? "", 0))?.subscriptions;
  expect((await kept())?.toSorted()).toEqual(NOTES.toSorted());
  await expect.poll(() => listensTo().resources.toSorted()).toEqual(NOTES.toSorted());
  const [one = "", two = ""] = NOTES;
  await Promise.all(
    [ask(7, "resources/unsubscribe", one), ask(8, "resources/unsubscribe", two)].map(async (message) =>
      (await post(message, session)).text(),
    ),
  );
  expect(await kept()).toEqual(NOTES.slice(2));
  await expect.poll(() => listensTo().resources).toEqual(NOTES.slice(2));
});

test("a key that names its browser listens through it, and hears of it alone", async () => {
  const second = await owner.addDevice();
  const preferred = await browser(owner.device);
  const other = await browser(second);
  relay.tunnel.preferDevice(owner.userId, owner.device.deviceId);
  const any = await connect("modern");
  const named = await connect("modern", (await owner.key(personaId, { deviceId: second.deviceId })).secret);
  const [one = "", two = ""] = NOTES;
  await any.client.listen({ resourceSubscriptions: [one] });
  await named.client.listen({ resourceSubscriptions: [one, two] });
  await expect.poll(() => preferred.listensTo()).toEqual({ lists: false, resources: [one] });
  await expect.poll(() => other.listensTo()).toEqual({ lists: false, resources: [one, two] });
  await other.say(UPDATED, { uri: one });
  await preferred.say(UPDATED, { uri: one });
  await other.say(UPDATED, { uri: two });
  await expect
    .poll(() => named.heard)
    .toEqual([
      [UPDATED, one],
      [UPDATED, two],
    ]);
  await expect.poll(() => any.heard).toEqual([[UPDATED, one]]);
});

test("nobody hears what no browser was asked for", async () => {
  const { say, listensTo } = await browser(owner.device);
  const { client, heard } = await connect("modern");
  await say(LISTS);
  await client.listen({ toolsListChanged: true });
  await expect.poll(() => listensTo().lists).toBe(true);
  await say(LISTS);
  await expect.poll(() => heard).toEqual([[LISTS, undefined]]);
});

test("an open stream of the earlier era makes apps be listened to for their lists, until the session rests", async () => {
  const { say, listensTo } = await browser(owner.device);
  const { client, heard } = await connect("legacy");
  await expect.poll(() => listensTo()).toEqual({ lists: true, resources: [] });
  await say(LISTS);
  await expect.poll(() => heard).toEqual([[LISTS, undefined]]);
  await client.close();
  await expect.poll(() => listensTo().lists, { timeout: 10_000 }).toBe(false);
}, 15_000);

test("a session without a stream makes nobody listen", async () => {
  const { listensTo } = await browser(owner.device);
  const session = await openSession("2025-11-25");
  await (await post({ jsonrpc: "2.0", id: 1, method: "tools/list" }, session)).text();
  const { client } = await connect("modern");
  await client.listen({ resourceSubscriptions: NOTES.slice(0, 1) });
  await expect.poll(() => listensTo()).toEqual({ lists: false, resources: NOTES.slice(0, 1) });
});

const TOO_MUCH: [what: string, uris: string[]][] = [
  ["201 resources", Array.from({ length: 201 }, (_, n) => `notes://${n}`)],
  ["an address of 2,001 characters", ["x".repeat(2_001)]],
];
for (const [what, resourceSubscriptions] of TOO_MUCH) {
  test(`${what} in one stream are refused, not acknowledged and forgotten`, async () => {
    const method = "subscriptions/listen";
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const body = { jsonrpc: "2.0", id: 1, method, params: { notifications: { resourceSubscriptions }, _meta } };
    const response = await post(body, { "mcp-protocol-version": "2026-07-28", "mcp-method": method });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: 1, error: { code: -32_602 } });
    const { client } = await connect("modern");
    await expect(client.listen({ resourceSubscriptions })).rejects.toThrow(/at most/u);
  });
}
