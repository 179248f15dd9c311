import { createId } from "@agent-personas/shared/primitives/id";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";
import { deliver, openSocket, sendResult, textOutcome, type ConnectOptions } from "../test-support/test-device.ts";
import {
  accepting,
  answering,
  nextCall,
  nextEvent,
  startTestTunnel,
  type TestTunnel,
} from "../test-support/test-tunnel.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const fault = (code: string) => expect.objectContaining({ kind: "fault", code });

test("line 10: disconnects a device on its third malformed message, with a reason", async () => {
  const socket = await tunnel.connect();
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
  const other = await tunnel.owner.addDevice();
  const executing = await tunnel.connect({ onCall: accepting(false) });
  const hostile = await tunnel.connect({}, other);
  const received = nextCall(executing);
  const outcome = tunnel.call({ deviceId: tunnel.owner.device.deviceId });
  const { callId } = await received;
  await expect(sendResult(hostile, { callId, attempt: 1 }, textOutcome("forged"), 100)).rejects.toThrow(/timed out/u);
  await sendResult(executing, { callId, attempt: 1 }, textOutcome("true"));
  expect(await outcome).toEqual(textOutcome("true"));
});

test("the newer socket of a device wins, and the older learns why", async () => {
  const older = await tunnel.connect({ bootId: "boot-older" });
  const told = new Promise((resolve) => {
    older.once("revoked", (message, ack) => {
      ack({ stored: true });
      resolve(message);
    });
  });
  const gone = nextEvent(older, "disconnect");
  await tunnel.connect({ bootId: "boot-newer", onCall: answering });
  expect(await told).toEqual({ kind: "replaced", id: tunnel.owner.device.deviceId });
  await gone;
  expect(tunnel.relay.tunnel.isOnline(tunnel.owner.device.deviceId)).toBe(true);
  expect(await tunnel.call()).toEqual(textOutcome("done"));
});

const refused = async (options: Partial<ConnectOptions>, device = tunnel.owner.device) => {
  const error = await tunnel.connect(options, device).then(
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
  const stranger = await tunnel.owner.addDevice();
  await tunnel.owner.store.db.deleteFrom("devices").where("device_id", "=", stranger.deviceId).execute();
  expect(await refused({}, stranger)).toEqual({ code: "device_token_invalid", serverTime });

  const socket = await tunnel.connect();
  const token = socket.auth;
  expect(typeof token).toBe("function");
  const used = await new Promise<Record<string, unknown>>((resolve) => {
    if (typeof token === "function") token((auth) => resolve(auth as Record<string, unknown>));
  });
  (await tunnel.connect({ auth: used })).disconnect();
  expect(await refused({ auth: used })).toEqual({ code: "device_token_invalid", serverTime });
});

test("tells the devices of a person, and nobody else's, that a grant is over", async () => {
  const second = await tunnel.owner.addDevice();
  const sockets = [await tunnel.connect(), await tunnel.connect({}, second)];
  const heard: unknown[] = [];
  for (const socket of sockets) {
    socket.on("revoked", (message, ack) => {
      heard.push(message);
      ack({ stored: true });
    });
  }
  await tunnel.relay.tunnel.grantEnded(createId("user"), "grant_other");
  await tunnel.relay.tunnel.grantEnded(tunnel.owner.userId, "grant_1");
  expect(heard).toEqual([
    { kind: "grant", id: "grant_1" },
    { kind: "grant", id: "grant_1" },
  ]);
  for (const socket of sockets) expect(socket.connected).toBe(true);
});

test("tells a revoked device, closes its socket and ends its calls", async () => {
  const socket = await tunnel.connect({ onCall: accepting(true) });
  const told = new Promise((resolve) => {
    socket.once("revoked", (message, ack) => {
      ack({ stored: true });
      resolve(message);
    });
  });
  const going = nextEvent(socket, "go");
  const outcome = tunnel.call();
  await going;
  await tunnel.relay.tunnel.revokeDevice(tunnel.owner.device.deviceId);
  expect(await told).toEqual({ kind: "device", id: tunnel.owner.device.deviceId });
  expect(await outcome).toEqual(fault("outcome_unknown"));
  expect(tunnel.relay.tunnel.isOnline(tunnel.owner.device.deviceId)).toBe(false);
});

test("a device that is revoked during its handshake is not left connected", async () => {
  const { store, device } = tunnel.owner;
  let revoking: Promise<void> | null = null;
  const revoke = async (): Promise<void> => {
    await store.db.updateTable("devices").set({ revoked_at: 1 }).where("device_id", "=", device.deviceId).execute();
    await relay?.tunnel.revokeDevice(device.deviceId);
  };
  // The clock is read after the device was looked up and before its socket is taken.
  const now = (): number => {
    if (relay !== undefined) revoking ??= revoke();
    return Date.now();
  };
  let relay: PreparedRelay | undefined;
  await using prepared = await startPreparedRelay(store, { now });
  relay = prepared;
  const socket = openSocket(device, { url: prepared.url, publicUrl: prepared.config.publicUrl });
  socket.connect();
  await expect.poll(() => revoking).not.toBeNull();
  await expect.poll(() => prepared.tunnel.counts().devices).toBe(0);
  await expect.poll(() => socket.connected).toBe(false);
  socket.disconnect();
});

test("sends nothing more to a device that is being revoked", async () => {
  const seen: Call[] = [];
  await tunnel.connect({
    onCall: (received) => {
      seen.push(received);
      return { accepted: true, needsGo: false };
    },
  });
  const outcomes = Array.from({ length: 70 }, () => tunnel.call());
  await expect.poll(() => seen.length).toBe(64);
  await tunnel.relay.tunnel.revokeDevice(tunnel.owner.device.deviceId);
  const codes = (await Promise.all(outcomes)).map((outcome) =>
    outcome.kind === "fault" ? outcome.code : outcome.kind,
  );
  expect(codes.filter((code) => code === "not_delivered")).toHaveLength(6);
  expect(seen).toHaveLength(64);
});

test("drops progress that nobody could read, and disconnects a device that says too much", async () => {
  let progress = 0;
  const socket = await tunnel.connect({
    onCall: (received, device) => {
      device.emit("progress", { callId: received.callId, params: { message: "x".repeat(10_000) } });
      for (let n = 0; n < 1_000; n += 1) device.emit("progress", { callId: received.callId, params: { progress: n } });
      return answering(received, device);
    },
  });
  expect(await tunnel.call({ onProgress: () => (progress += 1) })).toEqual(textOutcome("done"));
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
  await tunnel.connect({
    onCall: (received, socket) => {
      socket.emit("progress", { callId: received.callId, params: { progress: 1 } });
      return answering(received, socket);
    },
  });
  expect(await tunnel.call({ params: { arguments: { text: "x".repeat(262_144) } } })).toEqual(
    fault("payload_too_large"),
  );
  expect(await tunnel.call({ onProgress: (params) => progress.push(params) })).toEqual(textOutcome("done"));
  expect(progress).toEqual([{ progress: 1 }]);
});

const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

test("refuses what is nested so deeply that nobody could send it on", async () => {
  await tunnel.connect({
    onCall: (received, socket) => {
      deliver(socket, received, { kind: "result", result: { content: deep(600) } });
      return { accepted: true, needsGo: false };
    },
  });
  expect(await tunnel.call({ params: { arguments: deep(5_000) } })).toEqual(fault("invalid_request"));
  expect(await tunnel.call({ params: { arguments: deep(500) } })).toMatchObject({
    kind: "error",
    error: { code: -32_603 },
  });
});
