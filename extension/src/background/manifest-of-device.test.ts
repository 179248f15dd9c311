import { expect, test } from "vitest";
import { createWorld } from "../test-support/world.ts";
import { manifestOfDevice } from "./manifest-of-device.ts";

test("tells accepted versions and the state of each slot, and nothing of what was not accepted", async () => {
  const world = await createWorld();
  const { personaId, slots } = world.accepted;
  const slotId = slots[0]?.slotId;
  expect(await manifestOfDevice(world.db)).toEqual({
    personas: [{ personaId, acceptedVersion: 3, slots: [{ slotId, status: "connected" }] }],
  });
  await world.db.connections.toCollection().modify({ status: "needs_sign_in" });
  expect((await manifestOfDevice(world.db)).personas[0]?.slots).toEqual([{ slotId, status: "needs_sign_in" }]);
  await world.db.bindings.clear();
  expect((await manifestOfDevice(world.db)).personas[0]?.slots).toEqual([{ slotId, status: "not_connected" }]);
  await world.db.personas.toCollection().modify({ signed: "" });
  expect((await manifestOfDevice(world.db)).personas).toEqual([]);
});
