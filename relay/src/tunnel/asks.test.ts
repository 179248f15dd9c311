import { createId } from "@agent-personas/shared/primitives/id";
import type { Ask, Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendResult, textOutcome, type DeviceSocket } from "../test-support/test-device.ts";
import { accepting, nextCall, startTestTunnel, type TestTunnel } from "../test-support/test-tunnel.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const question = (call: Call, askId = "ask-1"): Ask => ({
  callId: call.callId,
  askId,
  method: "elicitation/create",
  params: { message: "Which one?" },
});
const put = (socket: DeviceSocket, ask: Ask): Promise<unknown> => socket.timeout(2_000).emitWithAck("ask", ask);
const accepted: Outcome = { kind: "result", result: { action: "accept", content: { name: "Ada" } } };

async function callFrom(onAsk?: (ask: Ask, signal: AbortSignal) => Promise<Outcome>) {
  const socket = await tunnel.connect({ onCall: accepting(false) });
  const received = nextCall(socket);
  const outcome = tunnel.call(onAsk === undefined ? {} : { onAsk });
  return { socket, call: await received, outcome };
}

test("carries an app's question to the caller and the answer back, while the call runs", async () => {
  const asked: Ask[] = [];
  const { socket, call, outcome } = await callFrom((ask) => {
    asked.push(ask);
    return Promise.resolve(accepted);
  });
  expect(await put(socket, question(call))).toEqual({ outcome: accepted });
  expect(asked).toEqual([question(call)]);
  await sendResult(socket, call, textOutcome("done"));
  expect(await outcome).toEqual(textOutcome("done"));
});

test("puts the same question once, however often a device that was cut off repeats it", async () => {
  let times = 0;
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const { socket, call } = await callFrom(() => {
    times += 1;
    return promise;
  });
  const first = put(socket, question(call)).catch(() => "cut off");
  await expect.poll(() => times).toBe(1);
  socket.disconnect();
  expect(await first).toBe("cut off");
  const again = await tunnel.connect({ hello: [{ callId: call.callId, state: "running" }] });
  const repeated = put(again, question(call));
  resolve(accepted);
  expect(await repeated).toEqual({ outcome: accepted });
  expect(times).toBe(1);
});

test("says that nobody can be asked when the caller cannot, when the call is over, and when there are too many", async () => {
  const { socket, call, outcome } = await callFrom();
  expect(await put(socket, question(call))).toMatchObject({ outcome: { kind: "error", error: { code: -32_601 } } });
  await sendResult(socket, call, textOutcome("done"));
  await outcome;
  expect(await put(socket, question(call, "late"))).toMatchObject({ outcome: { kind: "error" } });

  const received = nextCall(socket);
  void tunnel.call({ onAsk: () => Promise.resolve(accepted) });
  const second = await received;
  for (let n = 0; n < 64; n += 1)
    expect(await put(socket, question(second, `ask-${n}`))).toEqual({ outcome: accepted });
  expect(await put(socket, question(second, "one-more"))).toMatchObject({ outcome: { kind: "error" } });
});

test("lets a person take longer to answer than a call may take to work", async () => {
  const { socket, call, outcome } = await callFrom(
    () => new Promise((resolve) => setTimeout(() => resolve(accepted), 1_500)),
  );
  expect(await put(socket, question(call))).toEqual({ outcome: accepted });
  await sendResult(socket, call, textOutcome("done"));
  expect(await outcome).toEqual(textOutcome("done"));
});

test("lets the other calls of the same session wait with the one that asks: whose question it is, an app need not say", async () => {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const calls: Call[] = [];
  const socket = await tunnel.connect({
    onCall: (call) => {
      calls.push(call);
      return { accepted: true, needsGo: false };
    },
  });
  // Two slots may be one app.
  const bystander = tunnel.call({ slotId: createId("slot") });
  const elsewhere = tunnel.call({ session: "another" });
  const stranger = tunnel.call({ forwardedHeaders: { "x-api-key": "another" } });
  const asking = tunnel.call({ onAsk: () => promise });
  await expect.poll(() => calls.length).toBe(4);
  const [first, , , last] = calls;
  if (first === undefined || last === undefined) throw new Error("not there");
  const answer = put(socket, question(last));
  // The relay's deadline is a second.
  for (const other of [elsewhere, stranger])
    expect(await other).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  resolve(accepted);
  expect(await answer).toEqual({ outcome: accepted });
  for (const call of [first, last]) await sendResult(socket, call, textOutcome("done"));
  expect(await Promise.all([bystander, asking])).toEqual([textOutcome("done"), textOutcome("done")]);
});

const deepObject = (depth: number): Record<string, unknown> =>
  Array.from({ length: depth }).reduce<Record<string, unknown>>((inner) => ({ inner }), {});

test.each<[string, Record<string, unknown>, string]>([
  ["longer than a frame", { content: { text: "ü".repeat(140_000) } }, "The answer is too long: at most 256 KiB"],
  ["nested without end", deepObject(100_000), "The answer is nested too deeply"],
])("answers for a caller whose answer is %s, and the tunnel stays", async (_what, result, message) => {
  const { socket, call, outcome } = await callFrom(() => Promise.resolve({ kind: "result", result }));
  expect(await put(socket, question(call))).toEqual({ outcome: { kind: "error", error: { code: -32_603, message } } });
  await sendResult(socket, call, textOutcome("done"));
  expect(await outcome).toEqual(textOutcome("done"));
  expect(socket.connected).toBe(true);
});

test("ends an open question with its call", async () => {
  let ended = false;
  const { socket, call, outcome } = await callFrom(
    (_ask, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          ended = true;
          reject(signal.reason);
        });
      }),
  );
  const answer = put(socket, question(call));
  await sendResult(socket, call, textOutcome("done"));
  await outcome;
  expect(await answer).toMatchObject({ outcome: { kind: "error" } });
  expect(ended).toBe(true);
});

test("line 10: a device asks only in calls that were sent to it", async () => {
  const { call } = await callFrom(() => Promise.resolve(accepted));
  const hostile = await tunnel.connect({}, await tunnel.owner.addDevice());
  await expect(hostile.timeout(100).emitWithAck("ask", question(call))).rejects.toThrow(/timed out/u);
});
