import type { Call, Changed } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendResult, textOutcome, type DeviceSocket } from "../test-support/test-device.ts";
import { setPreferredDevice } from "../store/users.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";
import {
  accepting,
  answering,
  nextCall,
  nextEvent,
  PERSONA_ID,
  startTestTunnel,
  type TestTunnel,
} from "../test-support/test-tunnel.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const serving: Changed = {
  personas: [{ personaId: PERSONA_ID, acceptedVersion: 1, slots: [{ slotId: SLOT_ID, status: "connected" }] }],
};
const serve = (socket: DeviceSocket): Promise<unknown> => socket.timeout(2_000).emitWithAck("changed", serving);

/** Two browsers of one person that can both serve the slot; the second is the more recently active. */
async function twoBrowsers(onFirst: Parameters<TestTunnel["connect"]>[0], onSecond = onFirst) {
  const first = await tunnel.connect(onFirst);
  const second = await tunnel.connect(onSecond, await tunnel.owner.addDevice());
  await serve(second);
  await serve(first);
  return { first, second };
}

test("line 2: a call that was not accepted goes to the person's other browser when its own is cut off", async () => {
  const { first, second } = await twoBrowsers({ onCall: () => undefined }, { onCall: answering });
  const received = nextCall(first);
  const outcome = tunnel.call();
  await received;
  first.disconnect();
  expect(await outcome).toEqual(textOutcome("done"));
  expect(second.connected).toBe(true);
});

test("line 2: a call that is harmless to repeat goes elsewhere as a second attempt, and is answered once", async () => {
  const attempts: number[] = [];
  const { first } = await twoBrowsers(
    { onCall: accepting(false) },
    {
      onCall: (call, socket) => {
        attempts.push(call.attempt);
        return answering(call, socket);
      },
    },
  );
  const received = nextCall(first);
  const outcome = tunnel.call();
  const call = await received;
  await expect.poll(() => tunnel.relay.tunnel.counts().calls).toBeGreaterThan(0);
  // Its acceptance must have arrived.
  await first.timeout(2_000).emitWithAck("changed", serving);
  first.disconnect();
  expect(await outcome).toEqual(textOutcome("done"));
  expect(attempts).toEqual([2]);
  const again = await tunnel.connect({ bootId: "boot-again" });
  expect(await sendResult(again, call, textOutcome("late"))).toEqual({ stored: true });
  expect(again.connected).toBe(true);
});

test("line 3: a call for which go was written stays with its browser", async () => {
  const calls: Call[] = [];
  const { first } = await twoBrowsers(
    { onCall: accepting(true) },
    {
      onCall: (call) => {
        calls.push(call);
        return { accepted: true, needsGo: true };
      },
    },
  );
  const going = nextEvent(first, "go");
  const outcome = tunnel.call();
  await going;
  first.disconnect();
  expect(await outcome).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  expect(calls).toEqual([]);
});

test("line 2: a call waits for its own browser when no other can serve it, or when it names that browser", async () => {
  const other = await tunnel.owner.addDevice();
  const silent = await tunnel.connect({ onCall: () => undefined });
  await serve(silent);
  // Online, but without a working binding for this slot.
  const stranger = await tunnel.connect({ onCall: answering }, other);
  await stranger.timeout(2_000).emitWithAck("changed", { personas: [] });
  const received = nextCall(silent);
  const outcome = tunnel.call();
  await received;
  silent.disconnect();
  await tunnel.connect({ onCall: (call, socket) => (answering(call, socket), { accepted: true, needsGo: false }) });
  expect(await outcome).toEqual(textOutcome("done"));

  await serve(stranger);
  const named = await tunnel.connect({ bootId: "boot-named", onCall: () => undefined });
  const receivedAgain = nextCall(named);
  const bound = tunnel.call({ deviceId: tunnel.owner.device.deviceId });
  await receivedAgain;
  named.disconnect();
  expect(await bound).toMatchObject({ kind: "fault", code: "not_delivered" });
});

test("line 11: another browser that comes online takes over what waits for one that is away", async () => {
  const away = await tunnel.connect({ onCall: () => undefined });
  const received = nextCall(away);
  const outcome = tunnel.call();
  await received;
  away.disconnect();
  const other = await tunnel.owner.addDevice();
  const newcomer = await tunnel.connect({ onCall: answering }, other);
  await serve(newcomer);
  expect(await outcome).toEqual(textOutcome("done"));
});

const active = async (socket: DeviceSocket): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await serve(socket);
};

test("line 11: a call goes to a browser that can serve it, of these to the preferred, else to the one active last", async () => {
  const seen: string[] = [];
  const naming = (name: string) => ({
    onCall: (call: Call, socket: DeviceSocket) => {
      seen.push(name);
      return answering(call, socket);
    },
  });
  const other = await tunnel.owner.addDevice();
  const first = await tunnel.connect(naming("first"));
  const second = await tunnel.connect(naming("second"), other);
  const { userId, device, store } = tunnel.owner;
  const callOnce = async (): Promise<string | undefined> => {
    expect(await tunnel.call()).toEqual(textOutcome("done"));
    return seen.at(-1);
  };
  await active(first);
  await active(second);
  expect(await callOnce()).toBe("second");
  tunnel.relay.tunnel.preferDevice(userId, device.deviceId);
  await active(second);
  expect(await callOnce()).toBe("first");
  // A browser that cannot serve the slot is of no use, preferred or not.
  await first.timeout(2_000).emitWithAck("changed", { personas: [] });
  expect(await callOnce()).toBe("second");
  await active(first);
  // What is chosen while a browser is away holds when it comes back.
  second.disconnect();
  await setPreferredDevice(store.db, userId, other.deviceId);
  tunnel.relay.tunnel.preferDevice(userId, other.deviceId);
  const again = await tunnel.connect(naming("again"), other);
  await active(again);
  await active(first);
  expect(await callOnce()).toBe("again");
});
