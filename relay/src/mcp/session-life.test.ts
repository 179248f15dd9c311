import { SESSION_IDLE_MS } from "@agent-personas/shared/mcp/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";

// How long a session of the earlier era lives: half an hour after its last use, by the relay's clock.

/** More often than marks of use are written, and as often as idle sessions are looked for. Milliseconds. */
const FLUSH_MS = 1_000;
const SWEEP_MS = 5 * 60_000;

let owner: Owner;
let relay: PreparedRelay;
let endpoint: string;
let headers: Record<string, string>;
let now: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  now = 1_000_000_000_000;
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store, { now: () => now });
  const { slug, personaId } = await owner.publish();
  const { secret } = await owner.key(personaId);
  endpoint = `${relay.url}/p/${slug}/mcp`;
  headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
});
afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
  vi.useRealTimers();
});

async function openSession(): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const response = await fetch(endpoint, { method: "POST", headers, body });
  await response.text();
  return response.headers.get("mcp-session-id") ?? "";
}

/** Uses the session, and waits until that is written. */
async function use(sessionId: string): Promise<{ status: number; body: string }> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" });
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { ...headers, "mcp-session-id": sessionId },
    body,
  });
  const text = await response.text();
  if (response.ok) await written(sessionId);
  return { status: response.status, body: text };
}

async function written(sessionId: string): Promise<void> {
  vi.advanceTimersByTime(FLUSH_MS);
  await expect.poll(async () => (await rows()).get(sessionId)).toBe(now);
}

const rows = async (): Promise<Map<string, number>> => {
  const stored = await owner.store.db.selectFrom("sessions").select(["session_id", "last_used_at"]).execute();
  return new Map(stored.map(({ session_id: id, last_used_at: at }) => [id, at]));
};

test("each use keeps a session for another half hour, and an idle one is unknown after it", async () => {
  const sessionId = await openSession();
  for (let time = 0; time < 3; time += 1) {
    now += SESSION_IDLE_MS - 1;
    expect((await use(sessionId)).status).toBe(200);
  }
  now += SESSION_IDLE_MS + 1;
  const { status, body } = await use(sessionId);
  expect(status).toBe(404);
  expect(JSON.parse(body)).toMatchObject({ error: { code: -32_001, data: { code: "session_unknown" } } });
  // Its client begins anew.
  expect((await use(await openSession())).status).toBe(200);
});

test("idle sessions are removed every five minutes, those in use are not", async () => {
  const [idle, used] = [await openSession(), await openSession()];
  now += SESSION_IDLE_MS - 1;
  await use(used);
  vi.advanceTimersByTime(SWEEP_MS);
  await written(used);
  expect([...(await rows()).keys()].toSorted()).toEqual([idle, used].toSorted());
  now += 2;
  vi.advanceTimersByTime(SWEEP_MS);
  await expect.poll(async () => [...(await rows()).keys()]).toEqual([used]);
});

test("a stream that is kept open is use, too", async () => {
  const sessionId = await openSession();
  const leaving = new AbortController();
  const accept = { accept: "text/event-stream", "mcp-session-id": sessionId };
  const stream = await fetch(endpoint, { headers: { ...headers, ...accept }, signal: leaving.signal });
  expect(stream.status).toBe(200);
  for (let time = 0; time < 3; time += 1) {
    now += SESSION_IDLE_MS - 1;
    vi.advanceTimersByTime(SWEEP_MS);
    await written(sessionId);
  }
  leaving.abort();
  expect((await use(sessionId)).status).toBe(200);
});
