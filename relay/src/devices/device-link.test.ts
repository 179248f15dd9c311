import {
  devicesSchema,
  linkCreatedSchema,
  linkOutcomeSchema,
  type LinkCreated,
} from "@agent-personas/shared/api/devices";
import { keyFingerprint } from "@agent-personas/shared/primitives/fingerprint";
import { expect, test } from "vitest";
import { createTestDevice, sendJson, type TestDevice } from "../test-support/paired-device.ts";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

const createLink = async (device: TestDevice): Promise<LinkCreated> =>
  linkCreatedSchema.parse((await device.send("POST", "/links", {})).body);
const outcomeOf = async ({ url }: TestRelay, linkId: string) => sendJson(url, "GET", `/api/v1/links/${linkId}/outcome`);

/** A first device, its link, and a second device that has taken it. */
async function takeLink(relay: TestRelay) {
  const first = await relay.pairFirst();
  const link = await createLink(first);
  const second = await createTestDevice(relay.url, relay.clock);
  const pending = await second.pair(link.code, { deviceName: "Laptop" });
  return { first, second, link, pending };
}

test("a link adds a device when its creator confirms the fingerprint that both screens show", async () => {
  await using relay = await startTestRelay();
  const { first, second, link, pending } = await takeLink(relay);
  const fingerprint = await keyFingerprint(second.publicKey);
  expect(link.link).toBe(`${relay.url}/pair#${link.code.replaceAll("-", "")}`);
  expect(pending).toMatchObject({
    state: "pending",
    linkId: link.linkId,
    approver: { deviceId: first.deviceId(), fingerprint: await keyFingerprint(first.publicKey) },
  });
  expect((await first.send("GET", `/links/${link.linkId}`)).body).toMatchObject({
    state: "requested",
    name: "Laptop",
    fingerprint,
  });
  expect((await outcomeOf(relay, link.linkId)).body).toEqual({ state: "pending" });

  const decided = await first.send("POST", `/links/${link.linkId}/decision`, { approve: true, fingerprint });
  expect(decided).toMatchObject({ status: 200, body: { state: "approved", device: { name: "Laptop" } } });
  const outcome = linkOutcomeSchema.parse((await outcomeOf(relay, link.linkId)).body);
  expect(outcome).toMatchObject({ state: "paired", user: { userId: first.userId() }, recoveryCode: null });
  if (outcome.state === "paired") second.become(outcome);
  const { devices } = devicesSchema.parse((await second.send("GET", "/devices")).body);
  expect(devices.map((device) => device.name).toSorted()).toEqual(["Laptop", "Test browser"]);
});

test("another fingerprint than the one that asks adds nothing", async () => {
  await using relay = await startTestRelay();
  const { first, link } = await takeLink(relay);
  const fingerprint = await keyFingerprint(first.publicKey);
  const refused = await first.send("POST", `/links/${link.linkId}/decision`, { approve: true, fingerprint });
  expect(refused).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
  expect((await outcomeOf(relay, link.linkId)).body).toEqual({ state: "pending" });
});

test("a denied link adds nothing and cannot be decided again", async () => {
  await using relay = await startTestRelay();
  const { first, second, link } = await takeLink(relay);
  const fingerprint = await keyFingerprint(second.publicKey);
  const decide = (approve: boolean) => first.send("POST", `/links/${link.linkId}/decision`, { approve, fingerprint });
  expect((await decide(false)).body).toEqual({ state: "denied" });
  expect((await outcomeOf(relay, link.linkId)).body).toEqual({ state: "denied" });
  expect(await decide(true)).toMatchObject({ status: 410, body: { error: { code: "pairing_link_closed" } } });
});

test("a link ends after five minutes, taken or not", async () => {
  await using relay = await startTestRelay();
  const { first, second, link } = await takeLink(relay);
  const unused = await createLink(first);
  relay.clock.now += 5 * 60_000;
  const fingerprint = await keyFingerprint(second.publicKey);
  const late = await first.send("POST", `/links/${link.linkId}/decision`, { approve: true, fingerprint });
  expect(late).toMatchObject({ status: 410 });
  expect((await outcomeOf(relay, link.linkId)).body).toEqual({ state: "expired" });
  const third = await createTestDevice(relay.url, relay.clock);
  expect((await third.tryPair(unused.code)).body).toMatchObject({ error: { code: "pairing_code_invalid" } });
});

test("a link code works for one device", async () => {
  await using relay = await startTestRelay();
  const { link } = await takeLink(relay);
  const third = await createTestDevice(relay.url, relay.clock);
  expect((await third.tryPair(link.code)).body).toMatchObject({ error: { code: "pairing_code_invalid" } });
});

test("only its creator sees and decides a link, and nothing is said of one that does not exist", async () => {
  await using relay = await startTestRelay();
  const { first, second, link } = await takeLink(relay);
  const fingerprint = await keyFingerprint(second.publicKey);
  await first.send("POST", `/links/${link.linkId}/decision`, { approve: true, fingerprint });
  const outcome = linkOutcomeSchema.parse((await outcomeOf(relay, link.linkId)).body);
  if (outcome.state === "paired") second.become(outcome);
  const next = await createLink(first);
  expect((await second.send("GET", `/links/${next.linkId}`)).status).toBe(404);
  const unknown = `${next.linkId.slice(0, -1)}${next.linkId.endsWith("a") ? "b" : "a"}`;
  expect((await outcomeOf(relay, unknown)).status).toBe(404);
});
