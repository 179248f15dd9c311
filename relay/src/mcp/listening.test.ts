import type { Listen, Notice } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";
import { connectDevice, type DeviceKeys } from "../test-support/test-device.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";

const NOTES = ["notes://one", "notes://two", "notes://three"];

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
