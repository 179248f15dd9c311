import type { Call } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readEvents } from "../../test-support/event-stream.ts";
import { createOwner, type Owner } from "../../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../../test-support/prepared-relay.ts";
import { connectDevice, sendResult, textOutcome, type DeviceSocket } from "../../test-support/test-device.ts";
import { SLOT_ID } from "../../test-support/test-persona.ts";

let owner: Owner;
let relay: PreparedRelay;
let slug: string;
let personaId: string;
let secret: string;
let calls: Call[];
let device: DeviceSocket;

const connect = async (): Promise<void> => {
  device = await connectDevice(owner.device, {
    url: relay.url,
    publicUrl: relay.config.publicUrl,
    onCall: (call) => {
      calls.push(call);
      return { accepted: true, needsGo: false };
    },
  });
};

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  ({ slug, personaId } = await owner.publish());
  ({ secret } = await owner.key(personaId));
  calls = [];
  await connect();
});
afterEach(async () => {
  device.disconnect();
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

const send = (body: unknown, headers: Record<string, string> = {}, key = secret): Promise<Response> =>
  fetch(`${relay.url}/p/${slug}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify(body),
  });

async function openSession(version = "2025-11-25", key = secret) {
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const response = await send({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {}, key);
  await response.text();
  return { "mcp-session-id": response.headers.get("mcp-session-id") ?? "", "mcp-protocol-version": version };
}

const say = (id: number | string, name = "Echo_say") => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: {}, _meta: { progressToken: 7 } },
});

const comeBack = (session: Record<string, string>, lastEventId: string, key = secret): Promise<Response> =>
  fetch(`${relay.url}/p/${slug}/mcp`, {
    headers: { ...session, authorization: `Bearer ${key}`, "last-event-id": lastEventId },
  });

const lastCall = (count = 1): Promise<Call> =>
  vi.waitFor(() => {
    const call = calls[count - 1];
    if (call === undefined) throw new Error("no call yet");
    return call;
  });

/** As after a crash: nothing of the old process is left but what it wrote. */
async function restart(env: Record<string, string> = {}): Promise<void> {
  device.disconnect();
  const [gone, old] = [relay, owner.store];
  relay = await startPreparedRelay(old, { env });
  await gone[Symbol.asyncDispose]();
  await connect();
}

/** The relay has noticed. */
async function leave(stream: ReturnType<typeof readEvents>): Promise<void> {
  await stream.leave();
  await vi.waitFor(() => expect(relay.sessions.counts().requests).toBe(0));
}

const said = (text: string) => ({ content: [{ type: "text", text }] });

const textOf = (result: Record<string, unknown> | undefined): unknown => JSON.stringify(result);

test("begins a stream with an id to come back by and when, for the revision that knows it only", async () => {
  const stream = readEvents(await send(say(1), await openSession()));
  const first = await stream.next();
  expect(first).toMatchObject({ id: expect.stringMatching(/^call_/u), retry: 4_000, message: null });
  await stream.leave();
  const older = readEvents(await send(say(1), await openSession("2025-06-18")));
  await sendResult(device, await lastCall(2), textOutcome("done"));
  const [answer, ...more] = await older.rest();
  expect(answer).toMatchObject({ retry: null, message: { id: 1, result: said("done") } });
  expect(more).toEqual([]);
});

test("whoever was cut off gets what was missed and then the answer, in order and once", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say("one"), session));
  const start = await stream.next();
  const call = await lastCall();
  device.emit("progress", { callId: call.callId, params: { progress: 1 } });
  const heard = await stream.next();
  expect(heard?.message).toMatchObject({ method: "notifications/progress", params: { progress: 1, progressToken: 7 } });
  await stream.leave();
  device.emit("progress", { callId: call.callId, params: { progress: 2 } });
  await sendResult(device, call, textOutcome("done"));
  const missed = await readEvents(await comeBack(session, heard?.id ?? "")).rest();
  expect(missed.map(({ message }) => message)).toMatchObject([
    { params: { progress: 2 } },
    { id: "one", result: said("done") },
  ]);
  const all = await readEvents(await comeBack(session, start?.id ?? "")).rest();
  expect(all.map(({ message }) => message?.params?.["progress"] ?? message?.id)).toEqual([1, 2, "one"]);
  const none = await readEvents(await comeBack(session, all.at(-1)?.id ?? "")).rest();
  expect(none).toEqual([]);
  expect(calls).toHaveLength(1);
});

test("an answer that comes while the client is coming back is heard on the new stream", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(3), session));
  const start = await stream.next();
  const call = await lastCall();
  const again = readEvents(await comeBack(session, start?.id ?? ""));
  await sendResult(device, call, textOutcome("late"));
  expect((await again.rest()).map(({ message }) => message?.id)).toEqual([3]);
  expect((await stream.rest()).map(({ message }) => message)).toEqual([]);
});

test("the outcome of a call whose relay died reaches the client that comes back, from the same execution", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(4), session));
  const start = await stream.next();
  const call = await lastCall();
  await stream.leave();
  await restart();
  const again = readEvents(await comeBack(session, start?.id ?? ""));
  await sendResult(device, call, textOutcome("survived"));
  expect((await again.rest()).map(({ message }) => message)).toMatchObject([{ id: 4, result: said("survived") }]);
  expect(calls).toHaveLength(1);
});

test("an outcome that came before its client is kept for it, through another restart as well", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(5), session));
  const start = await stream.next();
  const call = await lastCall();
  await stream.leave();
  await restart();
  await sendResult(device, call, textOutcome("kept"));
  await restart();
  const again = await readEvents(await comeBack(session, start?.id ?? "")).rest();
  expect(again.map(({ message }) => message)).toMatchObject([{ id: 5, result: said("kept") }]);
});

test("what a client missed before the restart is still there, and nobody reads it in the database", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(6), session));
  const start = await stream.next();
  const call = await lastCall();
  await leave(stream);
  await sendResult(device, call, textOutcome("canary-4711"));
  await vi.waitFor(async () => {
    expect(await owner.store.db.selectFrom("stream_events").selectAll().execute()).toHaveLength(1);
  }, 3_000);
  const rows = JSON.stringify(await owner.store.db.selectFrom("stream_events").selectAll().execute());
  expect(rows).not.toContain("canary-4711");
  expect(rows).not.toContain(Buffer.from("canary-4711").toString("base64").slice(0, 12));
  expect(rows).not.toContain(call.callId);
  await restart();
  const again = await readEvents(await comeBack(session, start?.id ?? "")).rest();
  expect(textOf(again[0]?.message?.result)).toContain("canary-4711");
});

test("when nobody knows the outcome, the client is told so by the deadline and not left waiting", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(7), session));
  const start = await stream.next();
  await lastCall();
  await stream.leave();
  await restart({ DEVICE_DEADLINE_MS: "900", RELAY_DEADLINE_MS: "1000" });
  const began = performance.now();
  const again = await readEvents(await comeBack(session, start?.id ?? "")).rest();
  expect(again[0]?.message).toMatchObject({ id: 7, result: { isError: true } });
  expect(textOf(again[0]?.message?.result)).toContain("outcome_unknown");
  expect(performance.now() - began).toBeLessThan(5_000);
  const list = { jsonrpc: "2.0", id: 8, method: "tools/list" };
  const answered = await readEvents(await send(list, session)).rest();
  expect(answered.at(-1)?.message).toMatchObject({ id: 8 });
});

test("an id of another session, or one that no relay made, opens nothing", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(9), session));
  const start = await stream.next();
  const call = await lastCall();
  await leave(stream);
  await sendResult(device, call, textOutcome("mine"));
  const other = await openSession();
  const stolen = await comeBack(other, start?.id ?? "");
  const leaving = readEvents(stolen);
  const first = await Promise.race([leaving.next(), new Promise((resolve) => setTimeout(() => resolve("quiet"), 300))]);
  expect(first).toBe("quiet");
  await leaving.leave();
  const { secret: another } = await owner.key(personaId);
  expect((await comeBack(session, start?.id ?? "", another)).status).toBe(404);
  for (const id of ["nonsense", "call_x.1.-", `${call.callId}.1.!!`, `${call.callId}.1`, "x".repeat(500)]) {
    const response = await comeBack(session, id);
    expect([id.slice(0, 20), response.status]).toEqual([id.slice(0, 20), 400]);
  }
});

test("the session's own stream goes on where it was left, also after a restart", async () => {
  const session = await openSession();
  const open = async (after?: string) => {
    const headers = {
      ...session,
      authorization: `Bearer ${secret}`,
      ...(after !== undefined && { "last-event-id": after }),
    };
    return readEvents(await fetch(`${relay.url}/p/${slug}/mcp`, { headers }));
  };
  const method = "notifications/tools/list_changed";
  const notice = { personaId, slotId: SLOT_ID, method, params: {} } as const;
  const change = () => relay.sessions.onNotice({ userId: owner.userId, deviceIds: new Set([null]), notice });
  const first = await open();
  change();
  const heard = await first.next();
  expect(heard?.message?.method).toBe(method);
  await first.leave();
  await vi.waitFor(() => expect(relay.sessions.counts().requests).toBe(0));
  change();
  const second = await open(heard?.id ?? "");
  const missed = await second.next();
  expect(missed?.message?.method).toBe(method);
  expect(missed?.id).not.toBe(heard?.id);
  await second.leave();
  await restart();
  const third = await open(heard?.id ?? "");
  expect(await third.next()).toEqual(missed);
  change();
  const fresh = await third.next();
  expect(fresh?.message?.method).toBe(method);
  expect([heard?.id, missed?.id]).not.toContain(fresh?.id);
  await third.leave();
});

test("a session that was ended takes its streams with it", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(10), session));
  const start = await stream.next();
  const call = await lastCall();
  await leave(stream);
  await sendResult(device, call, textOutcome("gone"));
  const headers = { ...session, authorization: `Bearer ${secret}` };
  expect((await fetch(`${relay.url}/p/${slug}/mcp`, { method: "DELETE", headers })).status).toBe(200);
  expect((await comeBack(session, start?.id ?? "")).status).toBe(404);
  await vi.waitFor(async () => {
    expect(await owner.store.db.selectFrom("stream_events").selectAll().execute()).toEqual([]);
  }, 3_000);
});

test("an app that ends its stream on purpose ends the client's, too, if it can come back for the answer", async () => {
  const session = await openSession();
  const stream = readEvents(await send(say(11), session));
  const start = await stream.next();
  const call = await lastCall();
  device.emit("away", { callId: call.callId });
  expect(await stream.rest()).toEqual([]);
  const again = readEvents(await comeBack(session, start?.id ?? ""));
  await sendResult(device, call, textOutcome("later"));
  expect((await again.rest()).map(({ message }) => message)).toMatchObject([{ id: 11, result: said("later") }]);
});

test("whoever reads no streams, or cannot come back, waits through it", async () => {
  const older = readEvents(await send(say(12), await openSession("2025-06-18")));
  const json = send(say(13), { ...(await openSession()), accept: "application/json" });
  for (const [count, text] of [
    [1, "older"],
    [2, "json"],
  ] as const) {
    const call = await lastCall(count);
    device.emit("away", { callId: call.callId });
    await sendResult(device, call, textOutcome(text));
  }
  const answers = JSON.stringify([(await older.rest()).map(({ message }) => message), await (await json).json()]);
  expect(answers).toContain("older");
  expect(answers).toContain("json");
});
