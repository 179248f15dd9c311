import type { Call } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliver, sendResult, textOutcome } from "../test-support/test-device.ts";
import {
  accepting,
  answering,
  nextCall,
  nextEvent,
  PERSONA_ID,
  startTestTunnel,
  type TestTunnel,
} from "../test-support/test-tunnel.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const fault = (code: string) => expect.objectContaining({ kind: "fault", code });

test("executes a call and hands over its result, with the device's deadline inside the relay's", async () => {
  const seen: Call[] = [];
  await tunnel.connect({
    onCall: (received, socket) => {
      seen.push(received);
      return answering(received, socket);
    },
  });
  expect(await tunnel.call()).toEqual(textOutcome("done"));
  expect(seen[0]).toMatchObject({ attempt: 1, method: "tools/call", params: { name: "say" } });
  expect(seen[0]?.deadline).toBeLessThanOrEqual(900);
});

test("lets a call that needs it run only after go", async () => {
  const socket = await tunnel.connect({ onCall: accepting(true) });
  const received = nextCall(socket);
  const going = nextEvent(socket, "go");
  const outcome = tunnel.call();
  const { callId } = await received;
  expect(await going).toEqual({ callId });
  await sendResult(socket, { callId, attempt: 1 }, textOutcome("gone"));
  expect(await outcome).toEqual(textOutcome("gone"));
});

test("line 1: waits for a device, then says since when none was there", async () => {
  expect(await tunnel.call()).toEqual({ kind: "fault", code: "owner_offline", detail: {} });
  const late = tunnel.call();
  const socket = await tunnel.connect({ onCall: answering });
  expect(await late).toEqual(textOutcome("done"));
  socket.disconnect();
  await expect.poll(() => tunnel.relay.tunnel.counts(), { timeout: 2_000 }).toMatchObject({ devices: 0 });
  await expect
    .poll(() => tunnel.owner.store.db.selectFrom("devices").select("last_seen_at").executeTakeFirst(), {
      timeout: 3_000,
    })
    .not.toEqual({ last_seen_at: null });
  const outcome = await tunnel.call();
  expect(outcome).toMatchObject({
    code: "owner_offline",
    detail: { since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/u) },
  });
});

test("line 2: sends a call that was not accepted again after the reconnect", async () => {
  const first = await tunnel.connect({ onCall: () => undefined });
  const arrived = nextEvent(first, "call");
  const outcome = tunnel.call();
  await arrived;
  first.disconnect();
  await tunnel.connect({ onCall: answering });
  expect(await outcome).toEqual(textOutcome("done"));
});

test("line 2: a call that was not accepted and whose device stays away was not delivered", async () => {
  const socket = await tunnel.connect({ onCall: () => undefined });
  const arrived = nextEvent(socket, "call");
  const outcome = tunnel.call();
  await arrived;
  socket.disconnect();
  expect(await outcome).toEqual(fault("not_delivered"));
});

test("line 3: takes the result that the same worker delivers after it came back", async () => {
  const first = await tunnel.connect({ onCall: accepting(true) });
  const received = nextCall(first);
  const going = nextEvent(first, "go");
  const outcome = tunnel.call();
  const { callId } = await received;
  await going;
  first.disconnect();
  const calls: Call[] = [];
  const second = await tunnel.connect({
    hello: [{ callId, state: "running" }],
    onCall: (again) => void calls.push(again),
  });
  await sendResult(second, { callId, attempt: 1 }, textOutcome("late"));
  expect(await outcome).toEqual(textOutcome("late"));
  expect(calls).toEqual([]);
});

test("line 4: a read-only call of a dead worker is executed again, another one has an unknown outcome", async () => {
  for (const [needsGo, expected] of [
    [false, textOutcome("done")],
    [true, fault("outcome_unknown")],
  ] as const) {
    const first = await tunnel.connect({ bootId: "boot-dead", onCall: accepting(needsGo) });
    const received = nextCall(first);
    const going = needsGo ? nextEvent(first, "go") : Promise.resolve();
    const outcome = tunnel.call();
    const { callId } = await received;
    await going;
    await new Promise((resolve) => setTimeout(resolve, 20));
    first.disconnect();
    const attempts: number[] = [];
    const second = await tunnel.connect({
      bootId: "boot-next",
      hello: [{ callId, state: "running" }],
      onCall: (again, socket) => {
        attempts.push(again.attempt);
        return answering(again, socket);
      },
    });
    expect(await outcome).toEqual(expected);
    expect(attempts).toEqual(needsGo ? [] : [2]);
    second.disconnect();
  }
});

test("line 4: a new ledger leaves the outcome unknown", async () => {
  const first = await tunnel.connect({ onCall: accepting(true) });
  const going = nextEvent(first, "go");
  const outcome = tunnel.call();
  await going;
  first.disconnect();
  await tunnel.connect({ bootId: "boot-next", ledgerId: "ledger-next" });
  expect(await outcome).toEqual(fault("outcome_unknown"));
});

test("line 6: a call that runs past the deadline is cancelled, and its outcome is unknown", async () => {
  const socket = await tunnel.connect({ onCall: accepting(true) });
  const cancelled = nextEvent(socket, "cancel");
  expect(await tunnel.call()).toEqual(fault("outcome_unknown"));
  expect(await cancelled).toMatchObject({ reason: "The deadline passed." });
});

test("line 7: a caller that goes away cancels at the device", async () => {
  const socket = await tunnel.connect({ onCall: accepting(false) });
  const arrived = nextEvent(socket, "call");
  const cancelled = nextEvent(socket, "cancel");
  const caller = new AbortController();
  const outcome = tunnel.call({ signal: caller.signal });
  await arrived;
  caller.abort();
  expect(await outcome).toEqual(fault("call_cancelled"));
  expect(await cancelled).toMatchObject({ reason: "The caller cancelled." });
  await expect
    .poll(() => tunnel.relay.tunnel.counts(), { timeout: 2_000 })
    .toEqual({ devices: 1, calls: 0, waiting: 0 });
});

test("line 9: takes 64 calls at once, keeps 256 waiting, and is too busy for more", async () => {
  const held: Call[] = [];
  const socket = await tunnel.connect({
    onCall: (received) => {
      held.push(received);
      return { accepted: true, needsGo: false };
    },
  });
  const outcomes = Array.from({ length: 64 + 256 }, () => tunnel.call());
  expect(await tunnel.call()).toEqual({ kind: "fault", code: "too_busy", detail: { retryAfter: "5" } });
  await expect.poll(() => held.length).toBe(64);
  for (let index = 0; index < outcomes.length; index += 1) {
    await expect.poll(() => held.length, { interval: 1 }).toBeGreaterThan(index);
    await sendResult(socket, held[index] ?? { callId: "", attempt: 1 }, textOutcome(String(index)));
  }
  expect((await Promise.all(outcomes)).every((outcome) => outcome.kind === "result")).toBe(true);
});

test("line 9: a call too many to wait for a device is too busy: that nobody is there is not known yet", async () => {
  const waiting = Array.from({ length: 512 }, () => tunnel.call());
  expect(await tunnel.call()).toEqual({ kind: "fault", code: "too_busy", detail: { retryAfter: "5" } });
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => fault("owner_offline")));
});

test("line 11: prefers the device with a working binding over the more recently active one", async () => {
  const other = await tunnel.owner.addDevice();
  const bound = await tunnel.connect({
    onCall: (received, socket) => {
      deliver(socket, received, textOutcome("bound"));
      return { accepted: true, needsGo: false };
    },
  });
  const slots = [{ slotId: SLOT_ID, status: "connected" as const }];
  const personas = [{ personaId: PERSONA_ID, acceptedVersion: 1, slots }];
  await bound.timeout(1_000).emitWithAck("changed", { personas });
  const active = await tunnel.connect({ onCall: answering }, other);
  await active.timeout(1_000).emitWithAck("changed", { personas: [] });
  expect(await tunnel.call()).toEqual(textOutcome("bound"));
});

test("nothing is left after 1,000 calls", async () => {
  await tunnel.connect({ onCall: answering });
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 100 }, () => tunnel.call()));
  }
  expect(tunnel.relay.tunnel.counts()).toEqual({ devices: 1, calls: 0, waiting: 0 });
});
