import { createId } from "@agent-personas/shared/primitives/id";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { SessionStore } from "../lib/session-store.ts";
import { memorySessionStore } from "../test-support/memory-session-store.ts";
import { createLedger } from "./ledger.ts";

const result = (callId: string, attempt = 1, size = 1) => ({
  callId,
  attempt,
  outcome: { kind: "result" as const, result: { text: "x".repeat(size) } },
  timings: { device: 1, app: 1 },
});

test("keeps its id and what it knows when the worker dies, and forgets both with the browser", async () => {
  const session = memorySessionStore();
  const callId = createId("call");
  const first = createLedger({ session, bootId: "boot-1", now: Date.now });
  await first.receive({ callId, attempt: 1 });
  await first.mark(callId, "running", true);
  const second = createLedger({ session, bootId: "boot-2", now: Date.now });
  expect(await second.ledgerId()).toBe(await first.ledgerId());
  expect(await second.hello()).toEqual({ calls: [{ callId, state: "running" }] });
  const other = createLedger({ session: memorySessionStore(), bootId: "boot-3", now: Date.now });
  expect(await other.ledgerId()).not.toBe(await first.ledgerId());
  expect(await other.hello()).toEqual({ calls: [] });
});

test("keeps a result until it is stored, and the fact that it was done after that", async () => {
  const session = memorySessionStore();
  const callId = createId("call");
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  await ledger.receive({ callId, attempt: 1 });
  await ledger.finish(result(callId));
  const reborn = createLedger({ session, bootId: "boot-2", now: Date.now });
  expect(await reborn.outbox()).toEqual([result(callId)]);
  reborn.stored(callId);
  expect(await reborn.outbox()).toEqual([]);
  expect(await reborn.receive({ callId, attempt: 2 })).toEqual({ kind: "answer", result: null });
});

test("says running, not done, of a result that was too long to outlive its worker", async () => {
  const session = memorySessionStore();
  const callId = createId("call");
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  await ledger.receive({ callId, attempt: 1 });
  await ledger.mark(callId, "running", true);
  await ledger.finish(result(callId, 1, 5_000_000));
  expect(await ledger.outbox()).toHaveLength(1);
  const reborn = createLedger({ session, bootId: "boot-2", now: Date.now });
  expect(await reborn.hello()).toEqual({ calls: [{ callId, state: "running" }] });
  expect(await reborn.receive({ callId, attempt: 2 })).toEqual({ kind: "answer", result: null });
});

test("holds a thousand calls at most and lets those go first that are settled", async () => {
  const session = memorySessionStore();
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now, lazyMs: 0 });
  const open = createId("call");
  await ledger.receive({ callId: open, attempt: 1 });
  await ledger.mark(open, "running", true);
  for (let index = 0; index < 1_100; index += 1) {
    const callId = createId("call");
    await ledger.receive({ callId, attempt: 1 });
    const finished = ledger.finish(result(callId));
    ledger.stored(callId);
    await finished;
  }
  expect(ledger.find(open)?.state).toBe("running");
  // What is forgotten is removed 64 at a time.
  expect(Object.keys(await session.list("call:")).length).toBeLessThan(1_064);
  const reborn = createLedger({ session, bootId: "boot-2", now: Date.now });
  await reborn.receive({ callId: createId("call"), attempt: 1 });
  expect((await reborn.hello()).calls).toContainEqual({ callId: open, state: "running" });
});

/** A store whose writes the test sees, and lets through one by one. */
function slowStore() {
  const store = memorySessionStore();
  const writes: { keys: string[]; pass: () => void; fail: () => void }[] = [];
  const hold = async (rows: Readonly<Record<string, unknown>>): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const keys = Object.keys(rows);
    writes.push({ keys, pass: resolve, fail: () => reject(new Error("The quota is exceeded.")) });
    await promise;
    await store.setAll(rows);
  };
  const session: SessionStore = {
    ...store,
    set: (key, value) => (key.startsWith("call:") ? hold({ [key]: value }) : store.set(key, value)),
    setAll: hold,
  };
  const nextWrite = (count: number) => vi.waitFor(() => expect(writes).toHaveLength(count));
  return { session, store, writes, nextWrite };
}

test("what calls write while a write is under way goes together in the next", async () => {
  const { session, writes, nextWrite } = slowStore();
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  const callIds = Array.from({ length: 20 }, () => createId("call"));
  for (const callId of callIds) await ledger.receive({ callId, attempt: 1 });
  const [first = "", ...others] = callIds;
  const marking = ledger.mark(first, "running", false);
  await nextWrite(1);
  const marked = others.map((callId) => ledger.mark(callId, "running", false));
  writes[0]?.pass();
  await marking;
  await nextWrite(2);
  expect(writes.map(({ keys }) => keys.length)).toEqual([1, 19]);
  writes[1]?.pass();
  await Promise.all(marked);
});

test("a row that cannot be written stops its own call and no other", async () => {
  const { session, store, writes, nextWrite } = slowStore();
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  const callIds = [createId("call"), createId("call")];
  for (const callId of callIds) await ledger.receive({ callId, attempt: 1 });
  const marked = Promise.allSettled(callIds.map((callId) => ledger.mark(callId, "running", true)));
  await nextWrite(1);
  writes[0]?.fail();
  await nextWrite(2);
  writes[1]?.fail();
  await nextWrite(3);
  writes[2]?.pass();
  expect((await marked).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(Object.keys(await store.list("call:"))).toEqual([`call:${callIds[1] ?? ""}`]);
  const later = createId("call");
  await ledger.receive({ callId: later, attempt: 1 });
  const after = ledger.mark(later, "running", true);
  await nextWrite(4);
  writes[3]?.pass();
  await after;
});

test("of a result that the relay takes at once, only that the call was done is written", async () => {
  const { session, store, writes, nextWrite } = slowStore();
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  const callId = createId("call");
  await ledger.receive({ callId, attempt: 1 });
  const finished = ledger.finish(result(callId, 1, 5_000));
  ledger.stored(callId);
  await nextWrite(1);
  writes[0]?.pass();
  await finished;
  expect(Object.values(await store.list("call:"))).toMatchObject([{ callId, state: "done", result: null }]);
});

test("a worker that dies before a result is kept has not forgotten that the call left", async () => {
  const session = memorySessionStore();
  const callId = createId("call");
  const ledger = createLedger({ session, bootId: "boot-1", now: Date.now });
  await ledger.receive({ callId, attempt: 1 });
  await ledger.mark(callId, "running", true);
  void ledger.finish(result(callId));
  expect(await ledger.outbox()).toHaveLength(1);
  const reborn = createLedger({ session, bootId: "boot-2", now: Date.now });
  expect(await reborn.receive({ callId, attempt: 2 })).toEqual({ kind: "answer", result: null });
  expect(await reborn.hello()).toEqual({ calls: [{ callId, state: "running" }] });
});

type Step = { kind: "deliver"; attempt: number } | { kind: "go" | "finish" | "kill" | "stored" | "settle" | "full" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("deliver" as const), attempt: fc.integer({ min: 1, max: 3 }) }),
  fc.constantFrom<Step>(...(["go", "finish", "kill", "stored", "settle", "full"] as const).map((kind) => ({ kind }))),
);

/** One life of a worker: once it is killed, nothing it began is written any more. `full` refuses what is written next. */
function liveOn(store: SessionStore) {
  const life = { killed: false, full: false };
  const pass = async (write: () => Promise<void>): Promise<void> => {
    await Promise.resolve();
    if (life.killed) return new Promise(() => undefined);
    if (life.full) throw new Error("The quota is exceeded.");
    return write();
  };
  const session: SessionStore = {
    ...store,
    set: (key, value) => pass(() => store.set(key, value)),
    setAll: (rows) => pass(() => store.setAll(rows)),
    removeAll: (keys) => pass(() => store.removeAll(keys)),
  };
  return { life, session };
}

test("never starts a call twice unless that does no harm, whatever is delivered, killed or repeated", async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 25 }), async (needsGo, steps) => {
      const store = memorySessionStore();
      const callId = createId("call");
      let boot = 1;
      const begin = () => {
        const { life, session } = liveOn(store);
        return { life, ledger: createLedger({ session, bootId: `boot-${boot}`, now: Date.now, lazyMs: 0 }) };
      };
      let { life, ledger } = begin();
      await ledger.ledgerId();
      let inHand = false;
      let live = false;
      let attempt = 0;
      let starts = 0;
      let startedAfterDone = false;
      // Whether any worker from now on must know that the call was done.
      let done: "no" | "in memory" | "kept" = "no";
      let finishing: Promise<unknown> = Promise.resolve();
      const startsOfBoot = new Map<number, number>();
      const run = async () => {
        inHand = false;
        try {
          await ledger.mark(callId, "running", needsGo);
        } catch {
          return;
        }
        live = true;
        starts += 1;
        startsOfBoot.set(boot, (startsOfBoot.get(boot) ?? 0) + 1);
      };
      for (const each of steps) {
        if (each.kind === "deliver") {
          const verdict = await ledger.receive({ callId, attempt: each.attempt });
          if (verdict.kind !== "new") continue;
          startedAfterDone ||= done !== "no";
          attempt = each.attempt;
          inHand = true;
          if (needsGo) await ledger.mark(callId, "unstarted", true).catch(() => undefined);
          else await run();
        } else if (each.kind === "go" && inHand) await run();
        else if (each.kind === "finish" && live) {
          live = false;
          done = "in memory";
          finishing = ledger.finish(result(callId, attempt));
        } else if (each.kind === "stored") ledger.stored(callId);
        else if (each.kind === "settle") {
          await finishing;
          if (done === "in memory" && !life.full) done = "kept";
        } else if (each.kind === "full") life.full = !life.full;
        else if (each.kind === "kill") {
          life.killed = true;
          boot += 1;
          inHand = false;
          live = false;
          if (done === "in memory") done = "no";
          ({ life, ledger } = begin());
          finishing = Promise.resolve();
        }
      }
      expect(needsGo ? starts : 0).toBeLessThanOrEqual(1);
      expect(startedAfterDone).toBe(false);
      for (const count of startsOfBoot.values()) expect(count).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
