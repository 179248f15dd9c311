import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StartError } from "../start-error.ts";
import { loadRelayId } from "./meta.ts";
import { openStore } from "./open-store.ts";
import { storeContract } from "./store-contract.ts";

storeContract("SQLite", () => openStore(":memory:"));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relay-store-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("keeps what was written when it is opened again, in a file only its owner reads", async () => {
  const first = await openStore(join(folder, "data"));
  const relayId = await loadRelayId(first.db);
  await first.close();
  const second = await openStore(join(folder, "data"));
  expect(await loadRelayId(second.db)).toBe(relayId);
  await second.close();
  expect((await stat(join(folder, "data", "relay.sqlite"))).mode & 0o077).toBe(0);
});

test("writes ahead and waits for the disk", async () => {
  const store = await openStore(folder);
  await store.close();
  const database = new DatabaseSync(join(folder, "relay.sqlite"));
  expect(database.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  database.close();
});

test("refuses a database that newer code wrote, and leaves it alone", async () => {
  await (await openStore(folder)).close();
  const database = new DatabaseSync(join(folder, "relay.sqlite"));
  database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('0999-future', '2030-01-01')");
  const opening = openStore(folder);
  await expect(opening).rejects.toBeInstanceOf(StartError);
  await expect(opening).rejects.toThrow(/newer version of the relay \(0999-future\)/u);
  database.close();
});
