import "fake-indexeddb/auto";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, onTestFinished, test, vi } from "vitest";
import { appRow, connectionRow } from "../test-support/rows.ts";
import { cachedRow, forgetRows } from "./cached-row.ts";
import { openDatabase, type Database } from "./database.ts";

async function setUp() {
  const name = `test-${createId("db")}`;
  const open = (): Database => {
    const database = openDatabase(name);
    onTestFinished(() => database.close());
    return database;
  };
  const database = open();
  await database.connections.put(connectionRow({ connectionId: "one", label: "Work" }));
  const reads = { count: 0 };
  database.connections.hook("reading", (row) => {
    reads.count += 1;
    return row;
  });
  const label = async () => (await cachedRow(database, "connections", "one"))?.label;
  return { database, open, reads, label };
}

test("a row is read once, however many ask for it at once and later", async () => {
  const { reads, label } = await setUp();
  expect(await Promise.all([label(), label(), label()])).toEqual(["Work", "Work", "Work"]);
  expect(await label()).toBe("Work");
  expect(reads.count).toBe(1);
});

test("whoever changed a row finds it changed, removed or added as soon as that is done", async () => {
  const { database, label } = await setUp();
  expect(await label()).toBe("Work");
  await database.connections.update("one", { label: "Home" });
  expect(await label()).toBe("Home");
  await database.transaction("rw", database.connections, () => database.connections.update("one", { label: "Club" }));
  expect(await label()).toBe("Club");
  await database.connections.delete("one");
  expect(await label()).toBeUndefined();
  await database.connections.put(connectionRow({ connectionId: "one", label: "Again" }));
  expect(await label()).toBe("Again");
});

test("a read that a change overtakes is not kept", async () => {
  const { database, reads, label } = await setUp();
  const reading = label();
  forgetRows(database, "connections");
  expect(await reading).toBe("Work");
  expect(reads.count).toBe(1);
  await label();
  expect(reads.count).toBe(2);
});

test("a change made by another page is heard, one of another table is no reason to read again", async () => {
  const { database, open, reads, label } = await setUp();
  expect(await label()).toBe("Work");
  await database.apps.put(appRow());
  await label();
  expect(reads.count).toBe(1);
  await open().connections.update("one", { label: "Elsewhere" });
  await vi.waitFor(async () => expect(await label()).toBe("Elsewhere"));
});

test("of many rows so many are kept and no more", async () => {
  const { database, reads, label } = await setUp();
  await label();
  const others = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) await cachedRow(database, "connections", `other ${number}`);
  };
  await others(499);
  const before = reads.count;
  await label();
  expect(reads.count).toBe(before);
  await others(500);
  await label();
  expect(reads.count).toBe(before + 2);
});
