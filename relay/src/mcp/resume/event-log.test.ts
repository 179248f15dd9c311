import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import { formatEventId, parseEventId } from "./event-id.ts";
import { createEventLog, KEEP_MS, type EventLog, type StreamOwner } from "./event-log.ts";
import { createEventWriter } from "./event-writer.ts";
import type { EventLimits } from "./kept-streams.ts";
import { createLateOutcomes, MAX_LATE } from "./late-outcomes.ts";
import { openEvent, sealEvent, streamHash } from "./seal-event.ts";

let store: Store;
let clock: number;
const logs: EventLog[] = [];

beforeEach(async () => {
  store = await openStore(":memory:");
  clock = Date.parse("2026-11-20T12:00:00Z");
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  await store.close();
});

const now = () => clock;
const outcome = (text: string) => ({ kind: "result" as const, result: { text } });
const idOf = (n: number) => `call_${clock.toString(36).padStart(9, "0")}${String(n).padStart(22, "0")}`;

function start(limits?: EventLimits): EventLog {
  const deps = { store, now, log: pino({ level: "silent" }), writer: createEventWriter({ store, now }) };
  const log = createEventLog(deps, limits);
  logs.push(log);
  return log;
}

const A = { sessionId: "session-a", userId: "user-a" };
const B = { sessionId: "session-b", userId: "user-b" };
const request = { id: 1, method: "tools/call" };
const answer = (id: number, text = "") => ({ jsonrpc: "2.0" as const, id, result: { text } });
const note = (text: string) => ({ jsonrpc: "2.0" as const, method: "notifications/progress", params: { text } });
const rows = () => store.db.selectFrom("stream_events").selectAll().execute();
const at = (id: string) => {
  const parsed = parseEventId(id);
  if (parsed === null) throw new Error(`not an event id: ${id}`);
  return parsed;
};

test("an id says which stream, where and for what; one that was changed says nothing", () => {
  const key = start().open(A, request, 1).key;
  for (const purpose of [request, { id: "a.b/ü", method: "tools/list" }, "standalone", "unnamed"] as const) {
    const id = formatEventId({ key, seq: 3, purpose });
    expect(id).toMatch(/^[\w.-]+$/u);
    expect(parseEventId(id)).toEqual({ key, seq: 3, purpose });
  }
  const long = { id: "x".repeat(500), method: "tools/call" };
  expect(parseEventId(formatEventId({ key, seq: 0, purpose: long }))).toEqual({ key, seq: 0, purpose: "unnamed" });
  for (const wrong of ["", key, `${key}.x.-`, `${key}.1.e30`, `${key}.1.-.-`, `${key}.-1.-`, `other_${key}.1.-`]) {
    expect([wrong, parseEventId(wrong)]).toEqual([wrong, null]);
  }
});

test("what was sealed opens with its key and place only", () => {
  const sealed = sealEvent("hello", { key: "k", bound: "session 1" });
  expect(openEvent(sealed, { key: "k", bound: "session 1" })).toBe("hello");
  expect(openEvent(sealed, { key: "k", bound: "session 2" })).toBeNull();
  expect(openEvent(sealed, { key: "l", bound: "session 1" })).toBeNull();
  expect(openEvent("AAAA", { key: "k", bound: "session 1" })).toBeNull();
  expect(streamHash("k")).not.toContain("k.");
});

test("what was delivered is not written, and soon gone; what was not is found by the next process", async () => {
  const log = start();
  const sent = log.open(A, request, 1);
  log.append(sent, answer(1));
  log.delivered(sent);
  const lost = log.open(A, { ...request, id: 2 }, 1);
  const first = log.append(lost, null);
  log.append(lost, note("half way"));
  log.append(lost, answer(2));
  await log.close();
  expect((await rows()).map(({ stream_hash }) => stream_hash)).toEqual(
    [lost.key, lost.key].map((key) => streamHash(key)),
  );
  const found = await start().find(A, at(first));
  expect(found.events.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(found.pending).toBe(0);
  const stranger = await start().find(B, at(first));
  expect([stranger.events, stranger.pending]).toEqual([[], 1]);
});

test("a session that says too much loses what is oldest of it, and no other session anything", () => {
  const log = start({ streams: 100, bytes: 100_000, sessionStreams: 3, sessionBytes: 2_000 });
  const other = log.open(B, request, 1);
  log.append(other, answer(1, "y".repeat(900)));
  const streams = Array.from({ length: 5 }, (_, id) => log.open(A, { ...request, id }, 1));
  expect(streams.map(({ state }) => state)).toEqual(["dropped", "dropped", "kept", "kept", "kept"]);
  for (const stream of streams) log.append(stream, answer(1, "x".repeat(900)));
  expect(streams.map(({ state }) => state)).toEqual(["dropped", "dropped", "dropped", "kept", "kept"]);
  expect(other.state).toBe("kept");
  expect(log.size().streams).toBe(3);
  log.drop(["session-a", "session-b"]);
  expect(log.size()).toEqual({ streams: 0, bytes: 0 });
});

test("all sessions together keep no more than the log may hold", () => {
  const log = start({ streams: 50, bytes: 20_000, sessionStreams: 10, sessionBytes: 5_000 });
  for (let session = 0; session < 200; session += 1) {
    log.append(
      log.open({ sessionId: `session-${session}`, userId: `user-${session}` }, request, 1),
      answer(1, "z".repeat(1_000)),
    );
    expect(log.size().bytes).toBeLessThanOrEqual(20_000);
    expect(log.size().streams).toBeLessThanOrEqual(50);
  }
});

/** A call that was answered, and whose answer its client has. */
function callShortly(log: EventLog, of: StreamOwner, id: number): void {
  const stream = log.open(of, { ...request, id }, 1);
  log.append(stream, answer(id, "short"));
  log.delivered(stream);
}

test("a long call keeps its stream beside any number of short ones of its session", () => {
  const log = start({ streams: 100, bytes: 100_000, sessionStreams: 10, sessionBytes: 2_000 });
  const long = log.open(A, { ...request, id: "long" }, 1);
  log.append(long, note("half way"));
  for (let id = 0; id < 50; id += 1) callShortly(log, A, id);
  expect(long.state).toBe("kept");
  expect(long.events).toHaveLength(1);
  expect(log.size().streams).toBe(10);
  // What is too much in characters gives way in the same order.
  callShortly(log, A, 51);
  log.append(long, note("x".repeat(1_700)));
  expect([long.state, long.events.length]).toEqual(["kept", 2]);
  expect(log.size().bytes).toBeLessThanOrEqual(2_000);
});

for (const [what, limits] of [
  ["streams", { streams: 20, bytes: 1_000_000 }],
  ["characters", { streams: 1_000, bytes: 10_000 }],
] as const) {
  test(`one person's ${what} push out nothing that another waits for, over however many sessions`, () => {
    const log = start({ ...limits, sessionStreams: 100, sessionBytes: 1_000_000 });
    const waiting = Array.from({ length: 3 }, (_, id) => log.open(B, { ...request, id }, 1));
    for (const stream of waiting) log.append(stream, note("half way"));
    for (let n = 0; n < 60; n += 1) {
      const own = log.open({ sessionId: `session-${n}`, userId: "user-a" }, request, 1);
      log.append(own, note("z".repeat(1_000)));
    }
    expect(waiting.map(({ state }) => state)).toEqual(["kept", "kept", "kept"]);
    expect(log.size().streams).toBeLessThanOrEqual(limits.streams);
    expect(log.size().bytes).toBeLessThanOrEqual(limits.bytes);
  });
}

test("what was delivered goes before anything that somebody waits for, whoever holds more", () => {
  const log = start({ streams: 10, bytes: 100_000, sessionStreams: 10, sessionBytes: 100_000 });
  const waiting = Array.from({ length: 9 }, (_, id) => log.open(A, { ...request, id }, 1));
  callShortly(log, B, 1);
  const next = log.open(B, { ...request, id: 2 }, 1);
  expect([...waiting, next].every(({ state }) => state === "kept")).toBe(true);
  log.open(B, { ...request, id: 3 }, 1);
  expect(waiting.map(({ state }) => state).filter((state) => state === "dropped")).toHaveLength(1);
  expect(log.size().streams).toBe(10);
});

test("a stream that is too much for its session when it is read again leaves nothing counted", async () => {
  const log = start();
  const lost = log.open(A, request, 1);
  const first = log.append(lost, null);
  for (let n = 0; n < 4; n += 1) log.append(lost, note("x".repeat(900)));
  await log.close();
  const next = start({ streams: 10, bytes: 100_000, sessionStreams: 10, sessionBytes: 2_000 });
  expect((await next.find(A, at(first))).state).toBe("dropped");
  expect(next.size()).toEqual({ streams: 0, bytes: 0 });
});

test("rows of streams that nobody came back for go after a while", async () => {
  const log = start();
  log.append(log.open(A, request, 1), answer(1));
  await log.close();
  expect(await rows()).toHaveLength(1);
  clock += 3 * KEEP_MS;
  await start().close();
  expect(await rows()).toEqual([]);
});

test("late outcomes of one person never push out another's, and wait for whoever comes", async () => {
  const writer = createEventWriter({ store, now: () => clock });
  const late = createLateOutcomes({ store, now: () => clock, writer });
  late.keep("user-a", { callId: idOf(0), outcome: outcome("mine") });
  for (let n = 1; n <= MAX_LATE + 50; n += 1) late.keep("user-b", { callId: idOf(n), outcome: outcome(String(n)) });
  const never = AbortSignal.timeout(50);
  expect(await late.wait("user-a", idOf(0), never)).toEqual(outcome("mine"));
  const waiting = late.wait("user-a", idOf(9_999), AbortSignal.timeout(2_000));
  late.keep("user-a", { callId: idOf(9_999), outcome: outcome("at last") });
  expect(await waiting).toEqual(outcome("at last"));
  expect(await late.wait("user-a", idOf(8_888), never)).toBeNull();
  await writer.flush();
  const next = createLateOutcomes({ store, now: () => clock, writer });
  expect(await next.wait("user-a", idOf(0), AbortSignal.timeout(2_000))).toEqual(outcome("mine"));
});

test("a late outcome is for callers of its own person only", async () => {
  const writer = createEventWriter({ store, now });
  const late = createLateOutcomes({ store, now, writer });
  late.keep("user-a", { callId: idOf(0), outcome: outcome("mine") });
  await writer.flush();
  expect(await late.wait("user-b", idOf(0), AbortSignal.timeout(50))).toBeNull();
});

test("late outcomes of many people stay within bounds, and can be read from the database", async () => {
  const writer = createEventWriter({ store, now });
  const late = createLateOutcomes({ store, now, writer });
  for (let n = 0; n < 9; n += 1) {
    late.keep(`user-${n}`, { callId: idOf(n), outcome: outcome("x".repeat(8 * 1024 * 1024)) });
    await writer.flush();
    expect(late.bytes()).toBeLessThanOrEqual(64 * 1024 * 1024);
  }
  expect(await late.wait("user-0", idOf(0), AbortSignal.timeout(2_000))).not.toBeNull();
});

test("ids that a client makes up push out nothing", async () => {
  const log = start({ streams: 5, bytes: 20_000, sessionStreams: 5, sessionBytes: 5_000 });
  const kept = log.open(A, request, 1);
  for (let n = 0; n < 20; n += 1) {
    const made = await log.find(B, { key: idOf(n), seq: 3, purpose: request });
    expect(log.append(made, answer(1))).toContain(idOf(n));
  }
  expect(kept.state).toBe("kept");
  expect(log.size()).toEqual({ streams: 1, bytes: 0 });
});
