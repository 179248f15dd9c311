import "fake-indexeddb/auto";
import type { WaitingSignIn } from "@agent-personas/shared/api/grants";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { createWaitingSignIns } from "./waiting-sign-ins.ts";

const NOW = 1_000_000;

const waiting = (changes: Partial<WaitingSignIn> = {}): WaitingSignIn => ({
  signInId: createId("signin"),
  client: { name: "Cursor", redirectHost: "cursor:" },
  place: "192.0.2.7, Firefox on Linux",
  personaId: null,
  scopes: ["read"],
  expiresAt: NOW + 60_000,
  ...changes,
});

function setUp(signIns: WaitingSignIn[]) {
  const db = openDatabase(`test-${createId("db")}`);
  onTestFinished(() => db.delete());
  const announced: string[] = [];
  let now = NOW;
  const sut = createWaitingSignIns({
    db,
    api: { waitingSignIns: () => Promise.resolve({ signIns }) },
    announce: ({ signInId }) => announced.push(signInId),
    now: () => now,
  });
  return { db, announced, sut, pass: (ms: number) => (now += ms) };
}

test("announces a sign-in once and forgets it when the relay no longer lists it", async () => {
  const first = waiting();
  const signIns = [first];
  const { db, announced, sut } = setUp(signIns);
  await sut.refresh();
  await sut.refresh();
  expect(announced).toEqual([first.signInId]);
  expect(await db.signIns.toArray()).toEqual([first]);
  signIns.pop();
  await sut.refresh();
  expect(await db.signIns.count()).toBe(0);
});

test("keeps none that is over, and no more than a person can have begun", async () => {
  const over = waiting({ expiresAt: NOW });
  const { db, announced, sut, pass } = setUp([over, ...Array.from({ length: 30 }, () => waiting())]);
  await sut.refresh();
  expect(announced).not.toContain(over.signInId);
  expect(await db.signIns.count()).toBe(20);
  await sut.prune();
  expect(await db.signIns.count()).toBe(20);
  pass(60_000);
  await sut.prune();
  expect(await db.signIns.count()).toBe(0);
});
