import "fake-indexeddb/auto";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { openDatabase } from "../db/database.ts";
import { memorySessionStore } from "../test-support/memory-session-store.ts";
import { createVault } from "../vault/vault.ts";
import { createKeptResults } from "./kept-results.ts";

const owner = { personaId: "persona_1", principal: "key:key_1", slotId: "slot_1", tool: "search" };
const textOf = (length: number): Outcome => ({ kind: "result", result: { text: "a".repeat(length) } });

function setUp() {
  const db = openDatabase(`test-${createId("db")}`);
  const vault = createVault({ database: db, sessionStorage: memorySessionStore() });
  const clock = { now: 1_700_000_000_000 };
  return { db, clock, kept: createKeptResults({ db, vault, now: () => clock.now }) };
}

test("keeps 64 MiB in all and drops the oldest first", async () => {
  const { db, clock, kept } = setUp();
  for (let n = 0; n < 10; n += 1) {
    clock.now += 1_000;
    await kept.keep(`more_${n}`, owner, textOf(8 * 1024 * 1024 - 100));
  }
  const rows = await db.keptResults.orderBy("createdAt").toArray();
  expect(rows.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((n) => `more_${n}`));
  expect(await kept.find("more_1", owner)).toBeNull();
  const found = await kept.find("more_9", owner);
  expect(found?.state === "ended" && (await found.open())).toEqual(textOf(8 * 1024 * 1024 - 100));
}, 30_000);

test("removes what is older than a day, finished or not", async () => {
  const { db, clock, kept } = setUp();
  await kept.begin("parked_1", owner, "boot-1");
  await kept.keep("more_1", owner, textOf(1));
  clock.now += 12 * 3_600_000;
  await kept.keep("more_2", owner, textOf(1));
  clock.now += 12 * 3_600_000;
  await kept.prune();
  expect((await db.keptResults.toArray()).map(({ id }) => id)).toEqual(["more_2"]);
});
