import type { Call, CallResult, Part } from "@agent-personas/shared/tunnel/messages";
import { splitIntoParts } from "@agent-personas/shared/tunnel/parts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendResult, textOutcome, type DeviceSocket } from "../test-support/test-device.ts";
import { accepting, nextCall, nextEvent, startTestTunnel, type TestTunnel } from "../test-support/test-tunnel.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const long = textOutcome("häß".repeat(400_000));
const resultOf = ({ callId, attempt }: Call): CallResult => ({
  callId,
  attempt,
  outcome: long,
  timings: { device: 2, app: 1 },
});
const sendPart = (socket: DeviceSocket, part: Part): Promise<unknown> =>
  socket.timeout(2_000).emitWithAck("part", part);

async function runningCall() {
  const socket = await tunnel.connect({ onCall: accepting(false) });
  const received = nextCall(socket);
  const outcome = tunnel.call();
  return { socket, outcome, call: await received };
}

test("puts a result of several frames together, whatever else is said between its parts", async () => {
  const { socket, outcome, call } = await runningCall();
  const parts = [...splitIntoParts(resultOf(call))];
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) {
    expect(await sendPart(socket, part)).toEqual({ stored: true });
    socket.emit("progress", { callId: call.callId, params: { progress: part.n } });
  }
  expect(await outcome).toEqual(long);
});

test("begins again when a device that was cut off sends its parts once more", async () => {
  const { socket, outcome, call } = await runningCall();
  const parts = [...splitIntoParts(resultOf(call))];
  for (const part of parts.slice(0, 3)) await sendPart(socket, part);
  socket.disconnect();
  const again = await tunnel.connect({ hello: [{ callId: call.callId, state: "done" }] });
  for (const part of parts) expect(await sendPart(again, part)).toEqual({ stored: true });
  expect(await outcome).toEqual(long);
});

test("line 10: parts out of order, of another's call or that make no result are strikes; the third disconnects", async () => {
  const { socket, outcome, call } = await runningCall();
  const [first, second, third] = [...splitIntoParts(resultOf(call))];
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few parts");
  const gone = nextEvent(socket, "disconnect");
  socket.emit("part", second, () => undefined);
  socket.emit("part", { ...first, last: true }, () => undefined);
  socket.emit("part", { ...first, bytes: "not base64!" }, () => undefined);
  await gone;
  const other = await tunnel.connect({}, await tunnel.owner.addDevice());
  await expect(other.timeout(100).emitWithAck("part", first)).rejects.toThrow(/timed out/u);
  const again = await tunnel.connect({ hello: [{ callId: call.callId, state: "running" }] });
  await sendResult(again, call, textOutcome("true"));
  expect(await outcome).toEqual(textOutcome("true"));
});

test("takes parts of a call that is over, and keeps nothing of them", async () => {
  const controller = new AbortController();
  const socket = await tunnel.connect({ onCall: accepting(false) });
  const received = nextCall(socket);
  const outcome = tunnel.call({ signal: controller.signal });
  const call = await received;
  const [first, second] = [...splitIntoParts(resultOf(call))];
  if (first === undefined || second === undefined) throw new Error("too few parts");
  await sendPart(socket, first);
  controller.abort();
  await outcome;
  expect(await sendPart(socket, second)).toEqual({ stored: true });
  expect(socket.connected).toBe(true);
});
