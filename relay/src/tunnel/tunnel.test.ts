import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { createId } from "@agent-personas/shared/primitives/id";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  connectDevice,
  deliver,
  sendResult,
  textOutcome,
  type ConnectOptions,
  type DeviceSocket,
} from "../test-support/test-device.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";
import { createOwner, startTestRelay, type Owner, type TestRelay } from "../test-support/test-relay.ts";

const PERSONA_ID = createId("persona");
let owner: Owner;
let relay: TestRelay;
const sockets: DeviceSocket[] = [];

beforeEach(async () => {
  owner = await createOwner();
  relay = await startTestRelay(owner.store, { env: { DEVICE_DEADLINE_MS: "900", RELAY_DEADLINE_MS: "1000" } });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

async function connect(options: Partial<ConnectOptions> = {}, device = owner.device): Promise<DeviceSocket> {
  const socket = await connectDevice(device, { url: relay.url, publicUrl: relay.config.publicUrl, ...options });
  sockets.push(socket);
  return socket;
}

type CallOptions = { signal?: AbortSignal; deviceId?: string; onProgress?: (params: unknown) => void; params?: object };
function call(options: CallOptions = {}): Promise<Outcome> {
  return relay.tunnel.call(
    {
      personaId: PERSONA_ID,
      version: 1,
      slotId: SLOT_ID,
      method: "tools/call",
      params: { name: "say", ...options.params },
      principal: { kind: "key", id: "key_1", client: "test", scopes: ["read"], tools: null },
      forwardedHeaders: {},
      session: null,
      traceparent: null,
    },
    {
      target: { userId: owner.userId, deviceId: options.deviceId ?? null },
      signal: options.signal ?? new AbortController().signal,
      onProgress: ({ params }) => options.onProgress?.(params),
    },
  );
}
const fault = (code: string) => expect.objectContaining({ kind: "fault", code });
const answering =
  (needsGo = false) =>
  (received: Call, socket: DeviceSocket) => {
    if (!needsGo) deliver(socket, received, textOutcome("done"));
    return { accepted: true, needsGo } as const;
  };
const accepting = (needsGo: boolean) => () => ({ accepted: true, needsGo }) as const;
const nextEvent = (socket: DeviceSocket, event: "call" | "go" | "cancel" | "disconnect"): Promise<unknown> =>
  new Promise((resolve) => {
    socket.once(event, resolve);
  });
const settledSoon = () => expect.poll(() => relay.tunnel.counts(), { timeout: 2_000 });

test("executes a call and hands over its result, with the device's deadline inside the relay's", async () => {
  const seen: Call[] = [];
  await connect({
    onCall: (received, socket) => {
      seen.push(received);
      return answering()(received, socket);
    },
  });
  expect(await call()).toEqual(textOutcome("done"));
  expect(seen[0]).toMatchObject({ attempt: 1, method: "tools/call", params: { name: "say" } });
  expect(seen[0]?.deadline).toBeLessThanOrEqual(900);
});

test("lets a call that needs it run only after go", async () => {
  const socket = await connect({ onCall: accepting(true) });
  const received = new Promise<Call>((resolve) => {
    socket.once("call", resolve);
  });
  const going = nextEvent(socket, "go");
  const outcome = call();
  const { callId } = await received;
  expect(await going).toEqual({ callId });
  await sendResult(socket, { callId, attempt: 1 }, textOutcome("gone"));
  expect(await outcome).toEqual(textOutcome("gone"));
});

test("line 1: waits for a device, then says since when none was there", async () => {
  expect(await call()).toEqual({ kind: "fault", code: "owner_offline", detail: {} });
  const late = call();
  await connect({ onCall: answering() });
  expect(await late).toEqual(textOutcome("done"));
  sockets[0]?.disconnect();
  await settledSoon().toMatchObject({ devices: 0 });
  await expect
    .poll(() => owner.store.db.selectFrom("devices").select("last_seen_at").executeTakeFirst(), { timeout: 3_000 })
    .not.toEqual({ last_seen_at: null });
  const outcome = await call();
  expect(outcome).toMatchObject({
    code: "owner_offline",
    detail: { since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/u) },
  });
});

test("line 2: sends a call that was not accepted again after the reconnect", async () => {
  const first = await connect({ onCall: () => undefined });
  const arrived = nextEvent(first, "call");
  const outcome = call();
  await arrived;
  first.disconnect();
  await connect({ onCall: answering() });
  expect(await outcome).toEqual(textOutcome("done"));
});

test("line 2: a call that was not accepted and whose device stays away was not delivered", async () => {
  const socket = await connect({ onCall: () => undefined });
  const arrived = nextEvent(socket, "call");
  const outcome = call();
  await arrived;
  socket.disconnect();
  expect(await outcome).toEqual(fault("not_delivered"));
});

test("line 3: takes the result that the same worker delivers after it came back", async () => {
  const first = await connect({ onCall: accepting(true) });
  const received = new Promise<Call>((resolve) => {
    first.once("call", resolve);
  });
  const going = nextEvent(first, "go");
  const outcome = call();
  const { callId } = await received;
  await going;
  first.disconnect();
  const calls: Call[] = [];
  const second = await connect({ hello: [{ callId, state: "running" }], onCall: (again) => void calls.push(again) });
  await sendResult(second, { callId, attempt: 1 }, textOutcome("late"));
  expect(await outcome).toEqual(textOutcome("late"));
  expect(calls).toEqual([]);
});

test("line 4: a read-only call of a dead worker is executed again, another one has an unknown outcome", async () => {
  for (const [needsGo, expected] of [
    [false, textOutcome("done")],
    [true, fault("outcome_unknown")],
  ] as const) {
    const first = await connect({ bootId: "boot-dead", onCall: accepting(needsGo) });
    const received = new Promise<Call>((resolve) => {
      first.once("call", resolve);
    });
    const going = needsGo ? nextEvent(first, "go") : Promise.resolve();
    const outcome = call();
    const { callId } = await received;
    await going;
    await new Promise((resolve) => setTimeout(resolve, 20));
    first.disconnect();
    const attempts: number[] = [];
    const second = await connect({
      bootId: "boot-next",
      hello: [{ callId, state: "running" }],
      onCall: (again, socket) => {
        attempts.push(again.attempt);
        return answering()(again, socket);
      },
    });
    expect(await outcome).toEqual(expected);
    expect(attempts).toEqual(needsGo ? [] : [2]);
    second.disconnect();
  }
});

test("line 4: a new ledger leaves the outcome unknown", async () => {
  const first = await connect({ onCall: accepting(true) });
  const going = nextEvent(first, "go");
  const outcome = call();
  await going;
  first.disconnect();
  await connect({ bootId: "boot-next", ledgerId: "ledger-next" });
  expect(await outcome).toEqual(fault("outcome_unknown"));
});

test("line 6: a call that runs past the deadline is cancelled, and its outcome is unknown", async () => {
  const socket = await connect({ onCall: accepting(true) });
  const cancelled = nextEvent(socket, "cancel");
  expect(await call()).toEqual(fault("outcome_unknown"));
  expect(await cancelled).toMatchObject({ reason: "The deadline passed." });
});

test("line 7: a caller that goes away cancels at the device", async () => {
  const socket = await connect({ onCall: accepting(false) });
  const arrived = nextEvent(socket, "call");
  const cancelled = nextEvent(socket, "cancel");
  const caller = new AbortController();
  const outcome = call({ signal: caller.signal });
  await arrived;
  caller.abort();
  expect(await outcome).toEqual(fault("call_cancelled"));
  expect(await cancelled).toMatchObject({ reason: "The caller cancelled." });
  await settledSoon().toEqual({ devices: 1, calls: 0, waiting: 0 });
});

test("line 9: takes 64 calls at once, keeps 256 waiting, and is too busy for more", async () => {
  const held: Call[] = [];
  const socket = await connect({
    onCall: (received) => {
      held.push(received);
      return { accepted: true, needsGo: false };
    },
  });
  const outcomes = Array.from({ length: 64 + 256 }, () => call());
  expect(await call()).toEqual({ kind: "fault", code: "too_busy", detail: { retryAfter: "5" } });
  await expect.poll(() => held.length).toBe(64);
  for (let index = 0; index < outcomes.length; index += 1) {
    await expect.poll(() => held.length, { interval: 1 }).toBeGreaterThan(index);
    await sendResult(socket, held[index] ?? { callId: "", attempt: 1 }, textOutcome(String(index)));
  }
  expect((await Promise.all(outcomes)).every((outcome) => outcome.kind === "result")).toBe(true);
});

test("line 10: disconnects a device on its third malformed message, with a reason", async () => {
  const socket = await connect();
  const reason = new Promise((resolve) => {
    socket.once("closing", resolve);
  });
  const gone = nextEvent(socket, "disconnect");
  for (const payload of [null, { callId: "x" }, { calls: "many" }]) {
    socket.emit("result", JSON.parse(JSON.stringify(payload)), () => undefined);
  }
  expect(await reason).toEqual({ reason: "malformed" });
  await gone;
});

test("line 10: a device settles only calls that were sent to it", async () => {
  const other = await owner.addDevice();
  const executing = await connect({ onCall: accepting(false) });
  const hostile = await connect({}, other);
  const received = new Promise<Call>((resolve) => {
    executing.once("call", resolve);
  });
  const outcome = call({ deviceId: owner.device.deviceId });
  const { callId } = await received;
  await expect(sendResult(hostile, { callId, attempt: 1 }, textOutcome("forged"), 100)).rejects.toThrow(/timed out/u);
  await sendResult(executing, { callId, attempt: 1 }, textOutcome("true"));
  expect(await outcome).toEqual(textOutcome("true"));
});

test("line 11: prefers the device with a working binding over the more recently active one", async () => {
  const other = await owner.addDevice();
  const bound = await connect({
    onCall: (received, socket) => {
      deliver(socket, received, textOutcome("bound"));
      return { accepted: true, needsGo: false };
    },
  });
  const slots = [{ slotId: SLOT_ID, status: "connected" as const }];
  const personas = [{ personaId: PERSONA_ID, acceptedVersion: 1, slots }];
  await bound.timeout(1_000).emitWithAck("changed", { personas });
  const active = await connect({ onCall: answering() }, other);
  await active.timeout(1_000).emitWithAck("changed", { personas: [] });
  expect(await call()).toEqual(textOutcome("bound"));
});

test("the newer socket of a device wins, and the older learns why", async () => {
  const older = await connect({ bootId: "boot-older" });
  const told = new Promise((resolve) => {
    older.once("revoked", (message, ack) => {
      ack({ stored: true });
      resolve(message);
    });
  });
  const gone = nextEvent(older, "disconnect");
  await connect({ bootId: "boot-newer", onCall: answering() });
  expect(await told).toEqual({ kind: "replaced", id: owner.device.deviceId });
  await gone;
  expect(relay.tunnel.isOnline(owner.device.deviceId)).toBe(true);
  expect(await call()).toEqual(textOutcome("done"));
});

const refused = async (options: Partial<ConnectOptions>, device = owner.device) => {
  const error = await connect(options, device).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof Error && "data" in error ? error.data : error;
};

test("refuses a used token, a wrong clock, a stranger, another version; each with its code and the relay's time", async () => {
  const serverTime: unknown = expect.any(Number);
  expect(await refused({ now: () => Date.now() - 120_000 })).toEqual({ code: "clock", serverTime });
  expect(await refused({ auth: { protocol: 2 } })).toEqual({
    code: "protocol_unsupported",
    serverTime,
    update: "relay",
  });
  expect(await refused({ auth: { protocol: 0 } })).toEqual({
    code: "protocol_unsupported",
    serverTime,
    update: "extension",
  });
  expect(await refused({ auth: { extra: 1 } })).toEqual({ code: "device_token_invalid", serverTime });
  expect(await refused({ publicUrl: "https://other.example" })).toEqual({ code: "device_token_invalid", serverTime });
  const stranger = await owner.addDevice();
  await owner.store.db.deleteFrom("devices").where("device_id", "=", stranger.deviceId).execute();
  expect(await refused({}, stranger)).toEqual({ code: "device_token_invalid", serverTime });

  const socket = await connect();
  const token = socket.auth;
  expect(typeof token).toBe("function");
  const used = await new Promise<Record<string, unknown>>((resolve) => {
    if (typeof token === "function") token((auth) => resolve(auth as Record<string, unknown>));
  });
  (await connect({ auth: used })).disconnect();
  expect(await refused({ auth: used })).toEqual({ code: "device_token_invalid", serverTime });
});

test("tells a revoked device, closes its socket and ends its calls", async () => {
  const socket = await connect({ onCall: accepting(true) });
  const told = new Promise((resolve) => {
    socket.once("revoked", (message, ack) => {
      ack({ stored: true });
      resolve(message);
    });
  });
  const going = nextEvent(socket, "go");
  const outcome = call();
  await going;
  await relay.tunnel.revokeDevice(owner.device.deviceId);
  expect(await told).toEqual({ kind: "device", id: owner.device.deviceId });
  expect(await outcome).toEqual(fault("outcome_unknown"));
  expect(relay.tunnel.isOnline(owner.device.deviceId)).toBe(false);
});

test("sends nothing more to a device that is being revoked", async () => {
  const seen: Call[] = [];
  await connect({
    onCall: (received) => {
      seen.push(received);
      return { accepted: true, needsGo: false };
    },
  });
  const outcomes = Array.from({ length: 70 }, () => call());
  await expect.poll(() => seen.length).toBe(64);
  await relay.tunnel.revokeDevice(owner.device.deviceId);
  const codes = (await Promise.all(outcomes)).map((outcome) =>
    outcome.kind === "fault" ? outcome.code : outcome.kind,
  );
  expect(codes.filter((code) => code === "not_delivered")).toHaveLength(6);
  expect(seen).toHaveLength(64);
});

test("drops progress that nobody could read, and disconnects a device that says too much", async () => {
  let progress = 0;
  const socket = await connect({
    onCall: (received, device) => {
      device.emit("progress", { callId: received.callId, params: { message: "x".repeat(10_000) } });
      for (let n = 0; n < 1_000; n += 1) device.emit("progress", { callId: received.callId, params: { progress: n } });
      return answering()(received, device);
    },
  });
  expect(await call({ onProgress: () => (progress += 1) })).toEqual(textOutcome("done"));
  expect(progress).toBeGreaterThanOrEqual(90);
  expect(progress).toBeLessThan(200);
  const reason = new Promise((resolve) => {
    socket.once("closing", resolve);
  });
  for (let n = 0; n < 3_000; n += 1) socket.emit("changed", { personas: [] }, () => undefined);
  expect(await reason).toEqual({ reason: "too_fast" });
});

test("refuses arguments that do not fit into a frame, and passes progress on", async () => {
  const progress: unknown[] = [];
  await connect({
    onCall: (received, socket) => {
      socket.emit("progress", { callId: received.callId, params: { progress: 1 } });
      return answering()(received, socket);
    },
  });
  expect(await call({ params: { arguments: { text: "x".repeat(262_144) } } })).toEqual(fault("payload_too_large"));
  expect(await call({ onProgress: (params) => progress.push(params) })).toEqual(textOutcome("done"));
  expect(progress).toEqual([{ progress: 1 }]);
});

test("nothing is left after 1,000 calls", async () => {
  await connect({ onCall: answering() });
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 100 }, () => call()));
  }
  expect(relay.tunnel.counts()).toEqual({ devices: 1, calls: 0, waiting: 0 });
});
