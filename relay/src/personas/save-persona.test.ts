import { storedPersonaSchema, personasSchema } from "@agent-personas/shared/api/personas";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { createTestDevice, type TestDevice } from "../test-support/paired-device.ts";
import { addPerson } from "../test-support/second-person.ts";
import { buildPersona, putPersona } from "../test-support/signed-persona.ts";
import { startTestRelay } from "../test-support/whole-relay.ts";

const listed = async (device: TestDevice) =>
  personasSchema.parse((await device.send("GET", "/personas")).body).personas;

test("a persona is created, replaced and keeps its slug", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  const created = await putPersona(device, version);
  expect(created.status).toBe(200);
  const stored = storedPersonaSchema.parse(created.body);
  expect(stored).toMatchObject({ version: 1, ownerId: device.userId(), authorDeviceId: device.deviceId() });
  expect(stored.slug).toMatch(/^release-bot-[a-z2-7]{6}$/u);
  const renamed = await putPersona(device, { ...version, version: 2, name: "Other name" });
  expect(renamed.body).toMatchObject({ version: 2, slug: stored.slug });
  expect(await listed(device)).toMatchObject([{ personaId: version.personaId, version: 2 }]);
});

test("a version that is not the next is a conflict and changes nothing", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  expect(await putPersona(device, { ...version, version: 2 })).toMatchObject({ status: 409 });
  await putPersona(device, version);
  for (const number of [1, 3]) {
    const refused = await putPersona(device, { ...version, version: number, name: "Lost" });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "persona_conflict" } } });
  }
  expect((await listed(device))[0]?.version).toBe(1);
});

test("of two simultaneous saves of the same version one is kept", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  await putPersona(device, version);
  const saves = ["A", "B", "C"].map((name) => putPersona(device, { ...version, version: 2, name }));
  const statuses = (await Promise.all(saves)).map((answer) => answer.status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
});

test("a forged, altered, foreign or misnamed version is refused", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const stranger = await createTestDevice(relay.url, relay.clock);
  const version = await buildPersona(device);
  const put = (signed: string, personaId = version.personaId) =>
    device.send("PUT", `/personas/${personaId}`, { signed });
  const good = await signPersona(version, device.privateKey);
  const [header, payload, signature] = good.split(".");
  const altered = Buffer.from(JSON.stringify({ ...version, name: "Evil" })).toString("base64url");
  const asStranger = await signPersona({ ...version, deviceId: createId("device") }, device.privateKey);
  const [tool] = version.tools;
  const disguised = tool === undefined ? [] : [{ ...tool, exposedName: "Persona_account_info" }];
  for (const signed of [
    await signPersona({ ...version, tools: disguised }, device.privateKey),
    await signPersona(version, stranger.privateKey),
    `${header}.${altered}.${signature}`,
    `${header}.${payload}.`,
    asStranger,
    "x",
  ]) {
    expect(await put(signed)).toMatchObject({ status: 400, body: { error: { code: "persona_signature_invalid" } } });
  }
  expect(await put(good, createId("persona"))).toMatchObject({
    status: 400,
    body: { error: { code: "invalid_request" } },
  });
  expect(await listed(device)).toEqual([]);
});

test("another person's persona is not there to be saved, deleted, accepted or given keys", async () => {
  await using relay = await startTestRelay();
  const ada = await relay.pairFirst();
  const eve = await addPerson(relay);
  const version = await buildPersona(ada);
  await putPersona(ada, version);
  const path = `/personas/${version.personaId}`;
  const key = { name: "x", expires: "never", scopes: ["read"], tools: null, deviceId: null };
  const answers = [
    await putPersona(eve, { ...version, version: 2, deviceId: eve.deviceId() }),
    await eve.send("DELETE", path),
    await eve.send("PUT", `${path}/acceptance`, { version: 1 }),
    await eve.send("GET", `${path}/keys`),
    await eve.send("POST", `${path}/keys`, key),
  ];
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "persona_not_found" } } });
  }
  expect(await listed(eve)).toEqual([]);
  expect(await listed(ada)).toHaveLength(1);
});

test("a deleted persona is gone", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  await putPersona(device, version);
  expect((await device.send("DELETE", `/personas/${version.personaId}`)).status).toBe(204);
  expect((await device.send("DELETE", `/personas/${version.personaId}`)).status).toBe(404);
  expect(await listed(device)).toEqual([]);
});

test("a device notes the version it accepted, none that does not exist", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  await putPersona(device, version);
  const accept = (number: number) =>
    device.send("PUT", `/personas/${version.personaId}/acceptance`, { version: number });
  expect(await accept(1)).toMatchObject({ status: 200, body: { version: 1 } });
  expect(await accept(2)).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
});

test("a version of several megabytes is taken", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  const [tool] = version.tools;
  if (tool === undefined) throw new Error("no tool");
  const definition = { ...tool.definition, inputSchema: { type: "object" as const, filler: "x".repeat(4_300_000) } };
  const saved = await putPersona(device, { ...version, tools: [{ ...tool, definition }] });
  expect(saved.status).toBe(200);
});
