import { expect, test } from "vitest";
import { toolRow } from "../test-support/rows.ts";
import { createWorld } from "../test-support/world.ts";
import { manifestOfDevice } from "./manifest-of-device.ts";

test("tells accepted versions and the state of each slot, and nothing of what was not accepted", async () => {
  const world = await createWorld();
  const { personaId, slots } = world.accepted;
  await world.db.connections.toCollection().modify({ toolsListedAt: null });
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

test("names the tools that the app defines in another way or no longer lists, and no others", async () => {
  const world = await createWorld();
  const { db, connectionId, accepted } = world;
  const blocked = async () => (await manifestOfDevice(db)).personas[0]?.blocked;
  await db.tools.bulkPut(accepted.tools.map(({ originalName: name, pin }) => toolRow(name, { connectionId, pin })));
  expect(await blocked()).toBeUndefined();
  const [first, second] = accepted.tools;
  await db.tools.update([connectionId, first?.originalName ?? ""], { pin: "f".repeat(64) });
  await db.tools.update([connectionId, second?.originalName ?? ""], { present: false });
  expect(await blocked()).toEqual([
    { tool: first?.exposedName, state: "changed" },
    { tool: second?.exposedName, state: "removed" },
  ]);
  await db.connections.toCollection().modify({ toolsListedAt: null });
  expect(await blocked()).toBeUndefined();
});
