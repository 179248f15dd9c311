import { createdKeySchema, accessKeySchema } from "@agent-personas/shared/api/personas";
import { limitsOverviewSchema, NO_BUDGET } from "@agent-personas/shared/api/limits";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { addPerson } from "../test-support/second-person.ts";
import { buildPersona, putPersona } from "../test-support/signed-persona.ts";
import { startTestRelay } from "../test-support/whole-relay.ts";

const NONE = { requestsPerMinute: null, budget: NO_BUDGET };

test("a person sets limits of their own, of a persona and of keys, and reads them back beside the relay's", async () => {
  await using relay = await startTestRelay({ RATE_LIMIT: "30", MONTHLY_CENTS: "900" });
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  const { personaId } = version;
  await putPersona(device, version);
  const overview = async () => limitsOverviewSchema.parse((await device.send("GET", "/limits")).body);
  const usage = { calls: 0, cents: 0 };
  const next = new Date(relay.clock.now);
  expect(await overview()).toEqual({
    relay: { requestsPerMinute: 30, budget: { calls: null, cents: 900 } },
    resetsAt: Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1),
    person: { ...NONE, usage },
    personas: [{ ...NONE, personaId, usage }],
    keys: [],
  });
  const mine = { requestsPerMinute: 20, budget: { calls: 1_000, cents: 500 } };
  const ofPersona = { requestsPerMinute: 5, budget: { calls: 100, cents: null } };
  expect((await device.send("PUT", "/limits", mine)).status).toBe(204);
  expect((await device.send("PUT", `/personas/${personaId}/limits`, ofPersona)).status).toBe(204);
  const form = { name: "CI", expires: "never", scopes: ["read"], tools: null, deviceId: null };
  const create = async (budget?: object) =>
    createdKeySchema.parse((await device.send("POST", `/personas/${personaId}/keys`, { ...form, budget })).body).key;
  const key = await create({ calls: 10, cents: null });
  expect((await create()).budget).toEqual(NO_BUDGET);
  expect(await overview()).toMatchObject({
    person: mine,
    personas: [ofPersona],
    keys: [{ keyId: key.keyId, personaId, budget: { calls: 10, cents: null }, usage }],
  });
  const edited = await device.send("PATCH", `/keys/${key.keyId}`, { budget: { calls: 20, cents: null } });
  expect(accessKeySchema.parse(edited.body).budget).toEqual({ calls: 20, cents: null });
  await device.send("PATCH", `/keys/${key.keyId}`, { budget: { calls: 5, cents: 1 } });

  const store = await openStore(relay.folder);
  const audited = await store.db.selectFrom("audit").select(["event", "detail"]).orderBy("audit_id").execute();
  await store.close();
  expect(audited.map(({ event }) => event).slice(-6)).toEqual([
    "limits_changed",
    "limits_changed",
    "key_created",
    "key_created",
    "key_widened",
    "key_narrowed",
  ]);
  expect(JSON.parse(audited.at(-2)?.detail ?? "")).toMatchObject({
    budget: { calls: 20, cents: null },
    before: { budget: { calls: 10, cents: null } },
  });
});

test("nobody reads or changes the limits of somebody else, and what is no limit is refused", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  const { personaId } = version;
  await putPersona(device, version);
  const stranger = await addPerson(relay);
  const foreign = await stranger.send("PUT", `/personas/${personaId}/limits`, NONE);
  expect(foreign).toMatchObject({ status: 404, body: { error: { code: "persona_not_found" } } });
  expect((await stranger.send("PUT", `/personas/${createId("persona")}/limits`, NONE)).status).toBe(404);
  expect((await stranger.send("GET", "/limits")).body).toMatchObject({ personas: [], keys: [] });
  for (const bad of [
    {},
    { ...NONE, requestsPerMinute: 0 },
    { ...NONE, requestsPerMinute: 1.5 },
    { ...NONE, budget: { calls: -1, cents: null } },
    { ...NONE, userId: device.userId() },
  ]) {
    expect((await device.send("PUT", "/limits", bad)).status).toBe(400);
  }
  expect((await fetch(`${relay.url}/api/v1/limits`)).status).toBe(401);
});
