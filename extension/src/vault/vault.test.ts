import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { openDatabase, type Database } from "../db/database.ts";
import { memorySessionStore } from "../test-support/memory-session-store.ts";
import { createVault } from "./vault.ts";

const secretSchema = z.strictObject({ token: z.string() });
const opened: Database[] = [];

function setUp() {
  const database = openDatabase(`vault-${crypto.randomUUID()}`);
  opened.push(database);
  const sessionStorage = memorySessionStore();
  return { database, sessionStorage, vault: createVault({ database, sessionStorage }) };
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.delete();
});

test("a secret comes back as it was written, and null when there is none", async () => {
  const { vault } = setUp();
  await vault.write("tokens/a", { token: "canary" });
  expect((await vault.read("tokens/a", secretSchema))?.value).toEqual({ token: "canary" });
  await vault.remove("tokens/a");
  expect(await vault.read("tokens/a", secretSchema)).toBeNull();
});

test("nothing that is stored shows the secret, and the wrapping key cannot be exported", async () => {
  const { vault, database } = setUp();
  await vault.write("tokens/a", { token: "canary-value" });
  const row = await database.secrets.get("tokens/a");
  expect(new TextDecoder().decode(row?.ciphertext)).not.toContain("canary");
  const stored = await database.vault.get("vault");
  expect(stored?.wrappingKey.extractable).toBe(false);
});

test("a record that was altered, moved, or given another version is refused", async () => {
  const { vault, database } = setUp();
  await vault.write("tokens/a", { token: "canary" });
  const row = await database.secrets.get("tokens/a");
  if (row === undefined) throw new Error("The row is missing.");

  await database.secrets.put({ ...row, id: "tokens/b" });
  await expect(vault.read("tokens/b", secretSchema)).rejects.toMatchObject({ code: "stored_data_unreadable" });

  const altered = row.ciphertext.slice();
  altered[0] = (altered[0] ?? 0) ^ 1;
  await database.secrets.put({ ...row, ciphertext: altered });
  await expect(vault.read("tokens/a", secretSchema)).rejects.toMatchObject({ code: "stored_data_unreadable" });
});

test("a value that does not fit the schema is refused without quoting it", async () => {
  const { vault } = setUp();
  await vault.write("tokens/a", { token: 7, canary: "canary" });
  const error: unknown = await vault.read("tokens/a", secretSchema).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "stored_data_unreadable" });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("canary");
});

test("of two writers that read the same revision only one wins", async () => {
  const { vault } = setUp();
  const revision = await vault.write("tokens/a", { token: "old" });
  const answers = await Promise.all([
    vault.compareAndSwap("tokens/a", revision, { token: "first" }),
    vault.compareAndSwap("tokens/a", revision, { token: "second" }),
  ]);
  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  expect(await vault.compareAndSwap("tokens/new", "something", { token: "x" })).toBeNull();
  expect(await vault.compareAndSwap("tokens/new", null, { token: "x" })).not.toBeNull();
});

test("a restarted worker reads old secrets with the key of the session, and without it", async () => {
  const { vault, database, sessionStorage } = setUp();
  await vault.write("tokens/a", { token: "canary" });
  const warm = createVault({ database, sessionStorage });
  expect((await warm.read("tokens/a", secretSchema))?.value.token).toBe("canary");
  const cold = createVault({ database, sessionStorage: memorySessionStore() });
  expect((await cold.read("tokens/a", secretSchema))?.value.token).toBe("canary");
});

test("a session key of another vault is not used", async () => {
  const other = setUp();
  await other.vault.write("x", { token: "x" });
  const { database } = setUp();
  const vault = createVault({ database, sessionStorage: other.sessionStorage });
  await vault.write("tokens/a", { token: "canary" });
  const cold = createVault({ database, sessionStorage: memorySessionStore() });
  expect((await cold.read("tokens/a", secretSchema))?.value.token).toBe("canary");
});

test("two contexts that start at once share one vault key", async () => {
  const { database } = setUp();
  const first = createVault({ database, sessionStorage: memorySessionStore() });
  const second = createVault({ database, sessionStorage: memorySessionStore() });
  await Promise.all([first.write("a", { token: "1" }), second.write("b", { token: "2" })]);
  expect((await first.read("b", secretSchema))?.value.token).toBe("2");
  expect((await second.read("a", secretSchema))?.value.token).toBe("1");
});
