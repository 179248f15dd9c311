import "fake-indexeddb/auto";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { itemRow, personaVersion } from "../../test-support/rows.ts";
import { buildItems } from "./build-items.ts";

const slot = (connectionId: string, prefix: string, offers = {}) => ({
  slotId: createId("slot"),
  connectionId,
  prefix,
  resources: "all" as const,
  prompts: "all" as const,
  ...offers,
});

async function listing(...rows: ReturnType<typeof itemRow>[]) {
  const db = openDatabase(createId("slot"));
  await db.items.bulkPut(rows);
  return db;
}

test("tells accounts of one app apart: by the prefix in addresses, by the name of prompts", async () => {
  const accounts = ["connection_a", "connection_b", "connection_c"];
  const db = await listing(
    ...accounts.flatMap((connectionId) => [
      itemRow("resource", "notes://today", { connectionId }),
      itemRow("prompt", "greet", { connectionId }),
    ]),
  );
  const slots = accounts.map((connectionId) => slot(connectionId, "Notes"));
  const { resources, prompts } = await buildItems(db, { slots, prefixing: false }, null);
  expect(resources?.map(({ exposedUri }) => exposedUri)).toEqual([
    "notes://today",
    "Notes+notes://today",
    "Notes-2+notes://today",
  ]);
  expect(new Set(prompts?.map(({ exposedName }) => exposedName)).size).toBe(3);
  const named = slots.map((each, index) => ({ ...each, prefix: `Notes-${index}` }));
  const prefixed = await buildItems(db, { slots: named, prefixing: true }, null);
  expect(prefixed.prompts?.map(({ exposedName }) => exposedName)).toEqual([
    "Notes-0_greet",
    "Notes-1_greet",
    "Notes-2_greet",
  ]);
});

test("takes what is picked only, and leaves out what neither the app nor the version before has", async () => {
  const db = await listing(
    itemRow("resource", "notes://a"),
    itemRow("resource", "notes://b"),
    itemRow("prompt", "greet"),
  );
  const picking = slot("connection_work", "Notes", { resources: "picked", prompts: "none" });
  const { slotId } = picking;
  const items = [
    { slotId, kind: "resource" as const, id: "notes://b" },
    { slotId, kind: "resource" as const, id: "notes://gone" },
    { slotId, kind: "prompt" as const, id: "greet" },
  ];
  const built = await buildItems(db, { slots: [picking], items, prefixing: true }, null);
  expect(built.resources?.map(({ exposedUri }) => exposedUri)).toEqual(["notes://b"]);
  expect(built.prompts).toBe(undefined);
});

test("keeps what was approved where its app does not list it any more", async () => {
  const db = await listing(itemRow("resource", "notes://a", { present: false }));
  const picking = slot("connection_work", "Notes", { resources: "picked" });
  const { slotId } = picking;
  const approved = {
    slotId,
    exposedUri: "notes://a",
    pin: "c".repeat(64),
    definition: { uri: "notes://a", name: "A" },
  };
  const items = [{ slotId, kind: "resource" as const, id: "notes://a", pin: approved.pin }];
  const base = personaVersion({ resources: [approved] });
  expect((await buildItems(db, { slots: [picking], items, prefixing: true }, base)).resources).toEqual([approved]);
});
