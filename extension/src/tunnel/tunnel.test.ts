import { verifyDeviceToken } from "@agent-personas/shared/oauth/device-token";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Call, CallResult, Changed } from "@agent-personas/shared/tunnel/messages";
import { expect, test, vi } from "vitest";
import { createDevice, createRelay } from "./test-support/two-ends.ts";

const call = (): Call => ({
  callId: createId("call"),
  attempt: 1,
  personaId: createId("persona"),
  version: 1,
  slotId: createId("slot"),
  method: "tools/call",
  params: { name: "x" },
  principal: { kind: "key", id: "key_1", client: "test", scopes: ["read"], tools: null },
  capabilities: {},
  logLevel: null,
  forwardedHeaders: {},
  session: null,
  deadline: 1_000,
  traceparent: null,
});

test("proves itself with a token for this relay, says hello, and is online", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  expect(device.statuses.map((status) => status.tunnel)).toEqual(["connecting", "online"]);
  expect(relay.seen.hellos).toEqual([{ calls: [] }]);
  const [auth] = relay.seen.auths;
  const claims = await verifyDeviceToken(auth?.token ?? "", {
    purpose: "tunnel",
    audience: relay.url,
    publicKey: device.publicKey,
    now: Date.now(),
  });
  expect(claims.sub).toBe(device.identity.deviceId);
});

test("signs a fresh token for every attempt and waits longer after each failure", async () => {
  const relay = await createRelay();
  relay.refuseWith(() => Promise.resolve({ code: "too_busy", serverTime: Date.now() }));
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  const waits: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    await device.reach("offline");
    device.statuses.length = 0;
    waits.push(device.runRetry());
  }
  await device.reach("offline");
  expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  expect(new Set(relay.seen.auths.map((auth) => auth.token)).size).toBe(5);
});

test("opens no second socket while one is being opened, and none while a retry is planned", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  device.tunnel.wake();
  device.tunnel.wake();
  await device.reach("online");
  device.tunnel.wake();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(relay.seen.auths).toHaveLength(1);
  relay.seen.sockets[0]?.disconnect(true);
  await device.reach("offline");
  device.tunnel.wake();
  expect(device.retries()).toHaveLength(1);
  device.runRetry();
  await device.reach("online");
  expect(relay.seen.auths).toHaveLength(2);
});

test("starts again from the shortest wait after it was online", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  for (let round = 0; round < 3; round += 1) {
    await device.reach("online");
    relay.seen.sockets.at(-1)?.disconnect(true);
    await device.reach("offline");
    expect(device.runRetry()).toBe(500);
  }
});

test("corrects a wrong clock by the relay's time and signs again at once", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  device.setSkew(3_600_000);
  relay.refuseWith(async ({ token }) => {
    const expected = { purpose: "tunnel" as const, audience: relay.url, publicKey: device.publicKey, now: Date.now() };
    return verifyDeviceToken(token, expected).then(
      () => null,
      () => ({ code: "clock", serverTime: Date.now() }),
    );
  });
  await device.tunnel.start();
  await device.reach("online");
  expect(device.retries()).toHaveLength(0);
  expect(Math.abs(device.identity.clockOffset + 3_600_000)).toBeLessThan(2_000);
});

test("does not chase a clock that stays wrong", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  relay.refuseWith(() => Promise.resolve({ code: "clock", serverTime: Date.now() + 1_000_000 }));
  await device.tunnel.start();
  await device.reach("offline");
  expect(relay.seen.auths).toHaveLength(2);
});

test("signs nothing for a time that only a relay in wrong hands would name", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  relay.refuseWith(() => Promise.resolve({ code: "clock", serverTime: Date.now() + 365 * 86_400_000 }));
  await device.tunnel.start();
  await device.reach("offline");
  expect([relay.seen.auths.length, device.identity.clockOffset]).toEqual([1, 0]);
});

for (const [code, state] of [
  ["device_token_invalid", "signed_out"],
  ["protocol_unsupported", "update_needed"],
] as const) {
  test(`stops at ${state} when the relay refuses with ${code}, until the person asks`, async () => {
    const relay = await createRelay();
    const device = await createDevice(relay.url);
    relay.refuseWith(() => Promise.resolve({ code, serverTime: Date.now() }));
    await device.tunnel.start();
    await device.reach(state);
    device.tunnel.wake();
    expect(device.retries()).toHaveLength(0);
    relay.refuseWith(() => Promise.resolve(null));
    device.tunnel.restart();
    await device.reach("online");
  });
}

test("once replaced, connects by the person's click only, also in the next worker", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  await relay.seen.sockets[0]?.emitWithAck("revoked", { kind: "replaced", id: device.identity.deviceId });
  await device.reach("replaced");
  device.tunnel.wake();
  expect(device.state()).toBe("replaced");
  const next = await createDevice(relay.url, { tunnel: "replaced", since: 0 });
  await next.tunnel.start();
  next.tunnel.wake();
  expect(next.statuses).toEqual([]);
  next.tunnel.restart();
  await next.reach("online");
});

test("takes valid calls, and neither takes nor answers what is not as agreed", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  const [socket] = relay.seen.sockets;
  const good = call();
  const answer: unknown = await socket?.timeout(1_000).emitWithAck("call", good);
  expect(answer).toEqual({ accepted: true, needsGo: true });
  const bad = [{ ...call(), extra: 1 }, { ...call(), params: "x" }, null];
  for (const message of bad) {
    await expect(socket?.timeout(100).emitWithAck("call", message)).rejects.toThrow("timed out");
  }
  expect(device.calls).toEqual([good]);
});

test("delivers a result that was finished while offline after the next hello, and forgets it when stored", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  relay.seen.sockets[0]?.disconnect(true);
  await device.reach("offline");
  const result: CallResult = {
    callId: createId("call"),
    attempt: 1,
    outcome: { kind: "result", result: {} },
    timings: { device: 1, app: 1 },
  };
  device.outbox.set(result.callId, result);
  device.tunnel.result(result);
  device.runRetry();
  await vi.waitFor(() => expect(device.outbox.size).toBe(0));
  expect(relay.seen.messages).toEqual([["result", result]]);
  expect(relay.seen.hellos).toHaveLength(2);
});

test("says what it can serve when that changes and after every connect", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  const changed: Changed = { personas: [{ personaId: createId("persona"), acceptedVersion: 2, slots: [] }] };
  device.tunnel.publish(changed);
  await device.tunnel.start();
  await vi.waitFor(() => expect(relay.seen.messages).toEqual([["changed", changed]]));
  device.tunnel.publish({ personas: [] });
  await vi.waitFor(() => expect(relay.seen.messages).toHaveLength(2));
});

test("gives an attempt up that is neither made nor refused", async () => {
  const relay = await createRelay();
  relay.refuseWith(() => new Promise(() => undefined));
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await vi.waitFor(() => expect(relay.seen.auths).toHaveLength(1));
  device.planned.find((entry) => entry.ms === 20_000)?.task();
  expect(device.state()).toBe("offline");
  expect(device.retries()).toHaveLength(1);
});

test("passes on a sign-in that waits and a grant that was ended, both acknowledged, and nothing malformed", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  const socket = relay.seen.sockets[0]!;
  const signIn = {
    interactionId: "interaction-1",
    client: "Cursor",
    redirectHost: "cursor:",
    place: "127.0.0.1",
    personaId: null,
    scopes: ["read"],
  };
  socket.emit("sign-in", { ...signIn, extra: 1 }, () => undefined);
  expect(await socket.timeout(1_000).emitWithAck("sign-in", signIn)).toEqual({ stored: true });
  expect(await socket.timeout(1_000).emitWithAck("revoked", { kind: "grant", id: "grant_1" })).toEqual({
    stored: true,
  });
  expect(device.signIns).toEqual([signIn]);
  expect(device.endedGrants).toEqual(["grant_1"]);
  expect(device.state()).toBe("online");
});

test("listens to no app any more once it is not to come back, and goes on through a short break", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  relay.seen.sockets[0]?.disconnect(true);
  await device.reach("offline");
  expect(device.listened).toEqual([]);
  device.runRetry();
  await device.reach("online");
  await relay.seen.sockets.at(-1)?.emitWithAck("revoked", { kind: "replaced", id: device.identity.deviceId });
  await device.reach("replaced");
  expect(device.listened).toEqual([{ slots: [] }]);
});
