import { expect, test } from "vitest";
import { createPersonasService } from "./personas-service.ts";
import { syncPersonas } from "./sync-personas.ts";
import {
  createDraft,
  createTestBrowser,
  createTestDevice,
  createTestRelay,
  foreignVersion,
} from "./test-support/persona-relay.ts";

async function setUp() {
  const relay = createTestRelay();
  const browser = await createTestBrowser(relay);
  return { relay, ...browser, service: createPersonasService(browser.deps) };
}

test("accepts a newer version by a device whose fingerprint was compared, and tells the relay", async () => {
  const { relay, db, deps } = await setUp();
  const other = await createTestDevice();
  const { deviceId, name, publicKey, fingerprint } = other;
  await db.trustedDevices.put({ deviceId, name, publicKey, fingerprint, trustedAt: 1 });
  const { version, signed } = await foreignVersion(other);
  relay.put(signed, version);
  await syncPersonas(deps);
  expect((await db.personas.get(version.personaId))?.accepted).toEqual(version);
  expect(relay.accepted).toEqual([{ personaId: version.personaId, version: 1 }]);
});

test("only offers a version by a device that was never compared, and executes nothing of it", async () => {
  const { relay, db, deps, service } = await setUp();
  const stranger = await createTestDevice();
  relay.devices.push(stranger.device);
  const { version, signed } = await foreignVersion(stranger);
  relay.put(signed, version);
  await syncPersonas(deps);
  const row = await db.personas.get(version.personaId);
  expect(row).toMatchObject({ signed: "", accepted: { status: "paused", tools: [], slots: [] } });
  expect(row?.offered?.version).toEqual(version);
  expect(relay.accepted).toEqual([]);
  await service["personas.accept-offered"]({ personaId: version.personaId, signed });
  expect(await db.personas.get(version.personaId)).toMatchObject({ accepted: version, signed, offered: null });
});

test("accepts the offer that was shown, not one that took its place meanwhile", async () => {
  const { relay, db, deps, service } = await setUp();
  const stranger = await createTestDevice();
  relay.devices.push(stranger.device);
  const { version, signed } = await foreignVersion(stranger);
  const { personaId } = version;
  relay.put(signed, version);
  await syncPersonas(deps);
  const later = await foreignVersion(stranger, { personaId, version: 2, description: "Something else." });
  relay.put(later.signed, later.version);
  await syncPersonas(deps);
  const accepting = service["personas.accept-offered"]({ personaId, signed });
  await expect(accepting).rejects.toMatchObject({ code: "persona_conflict" });
  expect((await db.personas.get(personaId))?.signed).toBe("");
  await service["personas.accept-offered"]({ personaId, signed: later.signed });
  expect((await db.personas.get(personaId))?.signed).toBe(later.signed);
});

test("keeps the accepted version while a stranger's newer one waits", async () => {
  const { relay, db, deps, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  const stranger = await createTestDevice();
  relay.devices.push(stranger.device);
  const { version, signed } = await foreignVersion(stranger, { personaId, version: 2 });
  relay.put(signed, version);
  await syncPersonas(deps);
  expect(await db.personas.get(personaId)).toMatchObject({
    accepted: { version: 1, name: "Helper" },
    offered: { version: { version: 2 }, authorDeviceId: stranger.deviceId },
  });
});

test("never takes over what is not signed by the device it is said to be from", async () => {
  const { relay, db, deps, own, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  const stranger = await createTestDevice();
  relay.devices.push(stranger.device);
  const forged = await foreignVersion(
    { deviceId: own.deviceId, privateKey: stranger.privateKey },
    { personaId, version: 2 },
  );
  relay.put(forged.signed, forged.version);
  await syncPersonas(deps);
  expect(await db.personas.get(personaId)).toMatchObject({ accepted: { version: 1 }, offered: null });

  const swapped = await foreignVersion(stranger, { personaId, version: 2 });
  relay.personas.set(personaId, { ...relay.put(swapped.signed, swapped.version), authorDeviceId: own.deviceId });
  await syncPersonas(deps);
  expect(await db.personas.get(personaId)).toMatchObject({ accepted: { version: 1 }, offered: null });
});

test("never takes over a signed version as another number or persona, or with a pin that does not fit", async () => {
  const { relay, db, deps, own } = await setUp();
  const author = { deviceId: own.deviceId, privateKey: own.privateKey };
  const { version, signed } = await foreignVersion(author);
  relay.personas.set(version.personaId, { ...relay.put(signed, version), version: 7 });
  await syncPersonas(deps);
  const [tool] = version.tools;
  if (tool === undefined) throw new Error("no tool");
  const wrong = await foreignVersion(author, { tools: [{ ...tool, pin: "0".repeat(64) }], slots: version.slots });
  relay.personas.clear();
  relay.put(wrong.signed, wrong.version);
  await syncPersonas(deps);
  expect(await db.personas.count()).toBe(0);
});

test("ignores a relay that serves an older version again", async () => {
  const { relay, db, deps, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  const old = relay.personas.get(personaId);
  await service["personas.set-status"]({ personaId, status: "paused" });
  if (old !== undefined) relay.personas.set(personaId, old);
  await syncPersonas(deps);
  expect((await db.personas.get(personaId))?.accepted).toMatchObject({ version: 2, status: "paused" });
});

test("ignores an older version also after the relay let the persona vanish, and takes the last one again", async () => {
  const { relay, db, deps, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  const old = relay.personas.get(personaId);
  await service["personas.set-status"]({ personaId, status: "paused" });
  const last = relay.personas.get(personaId);
  if (old === undefined || last === undefined) throw new Error("not saved");
  relay.personas.clear();
  await syncPersonas(deps);
  relay.personas.set(personaId, old);
  await syncPersonas(deps);
  expect(await db.personas.count()).toBe(0);
  relay.personas.set(personaId, last);
  await syncPersonas(deps);
  expect((await db.personas.get(personaId))?.accepted).toMatchObject({ version: 2, status: "paused" });
});

test("a persona that was deleted here does not come back", async () => {
  const { relay, db, deps, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  const last = relay.personas.get(personaId);
  await service["personas.delete"]({ personaId });
  if (last !== undefined) relay.personas.set(personaId, last);
  await syncPersonas(deps);
  expect(await db.personas.count()).toBe(0);
});

test("takes over its own version when the answer to a save was lost", async () => {
  const { relay, db, deps, own } = await setUp();
  const { version, signed } = await foreignVersion({ deviceId: own.deviceId, privateKey: own.privateKey });
  relay.put(signed, version);
  await syncPersonas(deps);
  expect((await db.personas.get(version.personaId))?.accepted).toEqual(version);
});

test("drops what the relay no longer has, and fetches nothing when the news is known", async () => {
  const { relay, db, deps, service } = await setUp();
  const { personaId } = await service["personas.save"]({ draft: createDraft() });
  relay.setDown(true);
  await syncPersonas(deps, { personas: [{ personaId, version: 1 }] });
  relay.setDown(false);
  relay.personas.clear();
  await syncPersonas(deps, { personas: [] });
  expect(await db.personas.count()).toBe(0);
  expect(await db.bindings.count()).toBe(0);
});
