import { expect, test } from "vitest";
import { createTestDevice, sendJson } from "../test-support/paired-device.ts";
import { startTestRelay } from "../test-support/whole-relay.ts";

const refusal = (code: string) => ({ status: 401, body: { error: { code, serverTime: expect.any(Number) } } });

test("a token is taken once", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const token = await device.token();
  expect((await sendJson(relay.url, "GET", "/api/v1/me", undefined, token)).status).toBe(200);
  const replayed = await sendJson(relay.url, "GET", "/api/v1/me", undefined, token);
  expect(replayed).toMatchObject(refusal("device_token_invalid"));
  expect(replayed.headers.get("www-authenticate")).toContain("Bearer");
});

test("a token for the tunnel, for another relay or by another key is refused", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const stranger = await createTestDevice(relay.url, relay.clock);
  stranger.become({
    state: "paired",
    device: {
      deviceId: device.deviceId(),
      name: "x",
      publicKey: device.publicKey,
      fingerprint: "",
      createdAt: 0,
      lastSeenAt: null,
      preferred: false,
      online: false,
    },
    user: { userId: device.userId(), name: "x", administrator: false },
    recoveryCode: null,
  });
  const tokens = [
    await device.token({ purpose: "tunnel" }),
    await device.token({ audience: "https://relay.example.com" }),
    await stranger.token(),
    "not.a.token",
    "",
  ];
  for (const token of tokens) {
    const answer = await sendJson(relay.url, "GET", "/api/v1/me", undefined, token === "" ? undefined : token);
    expect(answer).toMatchObject(refusal("device_token_invalid"));
  }
});

test("a device with a wrong clock learns the relay's time", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  for (const offset of [-5 * 60_000, 5 * 60_000]) {
    const token = await device.token({ now: relay.clock.now + offset });
    const answer = await sendJson(relay.url, "GET", "/api/v1/me", undefined, token);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "clock", serverTime: relay.clock.now } } });
  }
});

test("every route but pairing, link outcomes and the relay's own data needs a token", async () => {
  await using relay = await startTestRelay();
  const routes = [
    ["GET", "/me"],
    ["GET", "/devices"],
    ["POST", "/links"],
    ["POST", "/recovery-codes"],
    ["GET", "/personas"],
  ] as const;
  for (const [method, path] of routes) {
    expect((await sendJson(relay.url, method, `/api/v1${path}`)).status).toBe(401);
  }
  expect((await sendJson(relay.url, "GET", "/api/v1/relay")).body).toMatchObject({ publicUrl: relay.url });
});
