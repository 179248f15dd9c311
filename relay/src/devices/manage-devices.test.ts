import { devicesSchema, linkCreatedSchema, linkOutcomeSchema } from "@agent-personas/shared/api/devices";
import { keyFingerprint } from "@agent-personas/shared/primitives/fingerprint";
import { TUNNEL_NAMESPACE, TUNNEL_PROTOCOL } from "@agent-personas/shared/tunnel/handshake";
import { io, type Socket } from "socket.io-client";
import { expect, test } from "vitest";
import { createTestDevice, sendJson, type TestDevice } from "../test-support/paired-device.ts";
import { addPerson } from "../test-support/second-person.ts";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

async function addDevice(relay: TestRelay, first: TestDevice): Promise<TestDevice> {
  const link = linkCreatedSchema.parse((await first.send("POST", "/links", {})).body);
  const second = await createTestDevice(relay.url, relay.clock);
  await second.pair(link.code);
  const fingerprint = await keyFingerprint(second.publicKey);
  await first.send("POST", `/links/${link.linkId}/decision`, { approve: true, fingerprint });
  const outcome = linkOutcomeSchema.parse(
    (await sendJson(relay.url, "GET", `/api/v1/links/${link.linkId}/outcome`)).body,
  );
  if (outcome.state === "paired") second.become(outcome);
  return second;
}

async function connect(relay: TestRelay, device: TestDevice): Promise<Socket> {
  const auth = {
    token: await device.token({ purpose: "tunnel" }),
    deviceId: device.deviceId(),
    bootId: "boot-0001",
    ledgerId: "ledger-0001",
    protocol: TUNNEL_PROTOCOL,
  };
  const socket = io(`${relay.url}${TUNNEL_NAMESPACE}`, { transports: ["websocket"], auth, reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

test("a device is renamed", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const renamed = await device.send("PATCH", `/devices/${device.deviceId()}`, { name: "  Office  " });
  expect(renamed).toMatchObject({ status: 200, body: { name: "Office" } });
  expect((await device.send("GET", "/me")).body).toMatchObject({
    user: { name: "Ada" },
    device: { name: "Office", online: false },
    relay: { publicUrl: relay.url },
  });
});

test("a revoked device is refused from the next request, and its socket closes at once", async () => {
  await using relay = await startTestRelay();
  const first = await relay.pairFirst();
  const second = await addDevice(relay, first);
  const socket = await connect(relay, second);
  const closed = new Promise((resolve) => socket.once("disconnect", resolve));
  expect((await first.send("DELETE", `/devices/${second.deviceId()}`)).status).toBe(204);
  await closed;
  expect(await second.send("GET", "/me")).toMatchObject({
    status: 401,
    body: { error: { code: "device_token_invalid" } },
  });
  await expect(connect(relay, second)).rejects.toThrow("device_token_invalid");
});

test("the only device of a person cannot be revoked", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const refused = await device.send("DELETE", `/devices/${device.deviceId()}`);
  expect(refused).toMatchObject({ status: 409, body: { error: { code: "last_device" } } });
});

test("another person's device is not there to be renamed or revoked", async () => {
  await using relay = await startTestRelay();
  const ada = await relay.pairFirst();
  const eve = await addPerson(relay);
  for (const answer of [
    await eve.send("PATCH", `/devices/${ada.deviceId()}`, { name: "Mine" }),
    await eve.send("DELETE", `/devices/${ada.deviceId()}`),
  ]) {
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  }
  expect(JSON.stringify((await eve.send("GET", "/devices")).body)).not.toContain(ada.deviceId());
});

test("of two devices that revoke each other at once one stays", async () => {
  await using relay = await startTestRelay();
  const first = await relay.pairFirst();
  const second = await addDevice(relay, first);
  const answers = await Promise.all([
    first.send("DELETE", `/devices/${second.deviceId()}`),
    second.send("DELETE", `/devices/${first.deviceId()}`),
  ]);
  expect(answers.filter((answer) => answer.status === 204)).toHaveLength(1);
});

test("line 11: calls prefer the device that the person chose, until another one or none is chosen", async () => {
  await using relay = await startTestRelay();
  const first = await relay.pairFirst();
  const second = await addDevice(relay, first);
  const preferred = async (): Promise<unknown[]> => {
    const { devices } = devicesSchema.parse((await second.send("GET", "/devices")).body);
    return devices.filter((device) => device.preferred).map(({ deviceId }) => deviceId);
  };
  expect(await preferred()).toEqual([]);
  for (const deviceId of [second.deviceId(), first.deviceId(), null]) {
    expect((await first.send("PUT", "/devices/preferred", { deviceId })).status).toBe(204);
    expect(await preferred()).toEqual(deviceId === null ? [] : [deviceId]);
  }
  const stranger = await addPerson(relay);
  expect((await first.send("PUT", "/devices/preferred", { deviceId: stranger.deviceId() })).status).toBe(404);
});
