import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, newCall, type CallEffect, type CallEvent, type CallState } from "./open-call.ts";

const boot = { bootId: "boot-one", ledgerId: "ledger-one" };
const nextBoot = { bootId: "boot-two", ledgerId: "ledger-one" };
const newLedger = { bootId: "boot-two", ledgerId: "ledger-two" };
const outcome = { kind: "result", result: { content: [] } } as const;

function play(...events: CallEvent[]): { state: CallState; effects: CallEffect[] } {
  let state = newCall;
  let effects: CallEffect[] = [];
  for (const event of events) ({ state, effects } = advance(state, event));
  return { state, effects };
}
const send: CallEvent = { type: "available", boot, known: null };
const accept = (needsGo: boolean): CallEvent => ({ type: "accepted", needsGo });
const drop: CallEvent = { type: "disconnected" };
const settled = (code: string, detail = {}) => [{ type: "settle", outcome: { kind: "fault", code, detail } }];

test("writes go only after the device accepted a call that needs it", () => {
  expect(play(send).effects).toEqual([{ type: "send", attempt: 1 }]);
  expect(play(send, accept(true)).effects).toEqual([{ type: "go" }]);
  expect(play(send, accept(false)).effects).toEqual([]);
  expect(play(send, accept(true), { type: "result", outcome }).effects).toEqual([{ type: "settle", outcome }]);
});

test("sends a call that was never accepted again with the same attempt, whatever happened to the worker", () => {
  for (const again of [boot, nextBoot, newLedger]) {
    expect(play(send, drop, { type: "available", boot: again, known: null }).effects).toEqual([
      { type: "send", attempt: 1 },
    ]);
  }
});

test("says that nothing was executed only of a call that was never sent: one that needs no go may have run", () => {
  expect(play({ type: "deadline" }).effects).toEqual(settled("not_delivered"));
  const [unconfirmed] = settled("not_delivered", { sent: "true" });
  expect(play(send, drop, { type: "deadline" }).effects.at(-1)).toEqual(unconfirmed);
});

test("waits for the result of a call that may run when the same worker comes back", () => {
  const lost = [send, accept(true), drop] as const;
  expect(play(...lost).state.phase).toBe("lost");
  expect(play(...lost, { type: "available", boot, known: "running" }).effects).toEqual([]);
  expect(play(...lost, { type: "available", boot: nextBoot, known: "done" }).effects).toEqual([]);
  expect(play(...lost, { type: "available", boot, known: "running" }, { type: "result", outcome }).effects).toEqual([
    { type: "settle", outcome },
  ]);
});

test("never repeats a call that ran in a dead worker unless repeating does no harm", () => {
  const dead: CallEvent = { type: "available", boot: nextBoot, known: "running" };
  expect(play(send, accept(true), drop, dead).effects).toEqual(settled("outcome_unknown"));
  expect(play(send, accept(false), drop, dead).effects).toEqual([{ type: "send", attempt: 2 }]);
});

test("repeats the same attempt of a call that the ledger knows as unstarted, and writes go again", () => {
  const unstarted: CallEvent = { type: "available", boot: nextBoot, known: "unstarted" };
  expect(play(send, accept(true), drop, unstarted).effects).toEqual([{ type: "send", attempt: 1 }]);
  expect(play(send, accept(true), drop, unstarted, accept(true)).effects).toEqual([{ type: "go" }]);
});

test("goes to another device only when it was not started, or when repeating it does no harm", () => {
  const moved: CallEvent = { type: "moved" };
  expect(play(send, drop, moved, send).effects).toEqual([{ type: "send", attempt: 2 }]);
  expect(play(moved, send).effects).toEqual([{ type: "send", attempt: 1 }]);
  expect(play(send, accept(false), drop, moved, send).effects).toEqual([{ type: "send", attempt: 2 }]);
  expect(play(send, accept(true), drop, moved).state.phase).toBe("lost");
  expect(play(send, accept(false), moved).state.phase).toBe("running");
});

test("keeps a call for which go was once written as possibly run, also after it was sent again", () => {
  const resent = [send, accept(true), drop, { type: "available", boot, known: "unstarted" }, drop] as const;
  expect(play(...resent).state.phase).toBe("lost");
  expect(play(...resent, { type: "available", boot: nextBoot, known: "running" }).effects).toEqual(
    settled("outcome_unknown"),
  );
  expect(play(...resent, { type: "deadline" }).effects.at(-1)).toEqual(settled("outcome_unknown")[0]);
});

test("does not know the outcome when the browser forgot its ledger or the call", () => {
  expect(play(send, accept(true), drop, { type: "available", boot: newLedger, known: null }).effects).toEqual(
    settled("outcome_unknown"),
  );
  expect(play(send, accept(false), drop, { type: "available", boot: newLedger, known: null }).effects).toEqual(
    settled("outcome_unknown"),
  );
  expect(play(send, accept(true), drop, { type: "available", boot, known: null }).effects).toEqual(
    settled("outcome_unknown"),
  );
});

test("a call that runs without go having been written is one that may be repeated", () => {
  const acceptLost = [send, drop, { type: "available", boot, known: "running" }, drop] as const;
  expect(play(...acceptLost).state.needsGo).toBe(false);
  expect(play(...acceptLost, { type: "available", boot: nextBoot, known: "running" }).effects).toEqual([
    { type: "send", attempt: 2 },
  ]);
});

test("cancels at the device whatever it was sent, and settles at once", () => {
  expect(play({ type: "cancelled" }).effects).toEqual(settled("call_cancelled"));
  expect(play(send, accept(true), { type: "cancelled" }).effects.map(({ type }) => type)).toEqual(["cancel", "settle"]);
  expect(play(send, { type: "cancelled" }).effects.at(-1)).toMatchObject({ outcome: { detail: {} } });
  expect(play(send, accept(true), { type: "cancelled" }).effects.at(-1)).toMatchObject({
    outcome: { code: "call_cancelled", detail: { started: "true" } },
  });
  expect(play(send, accept(true), { type: "deadline" }).effects.map(({ type }) => type)).toEqual(["cancel", "settle"]);
});

test("settles once and stays settled", () => {
  const done = play(send, { type: "result", outcome }).state;
  for (const event of [
    send,
    accept(true),
    drop,
    { type: "gone" },
    { type: "deadline" },
    { type: "cancelled" },
  ] as const) {
    expect(advance(done, event)).toEqual({ state: done, effects: [] });
  }
});

test("a device that will not come back leaves what it may have run unknown, and the rest undelivered", () => {
  expect(play(send, { type: "gone" }).effects).toEqual(settled("not_delivered", { sent: "true" }));
  expect(play(send, accept(false), { type: "gone" }).effects).toEqual(settled("outcome_unknown"));
});

test("gives up after ten attempts", () => {
  const rounds = Array.from({ length: 10 }, (_, index): CallEvent[] => [
    accept(false),
    drop,
    { type: "available", boot: { ...boot, bootId: `boot-${index}-next` }, known: "running" },
  ]).flat();
  expect(play(send, ...rounds).effects).toEqual(settled("outcome_unknown"));
});

const boots = fc.constantFrom(boot, nextBoot, newLedger);
const events = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant("available" as const),
      boot: boots,
      known: fc.constantFrom("unstarted" as const, "running" as const, "done" as const, null),
    }),
    fc.record({ type: fc.constant("accepted" as const), needsGo: fc.constant(true) }),
    fc.constant({ type: "disconnected" as const }),
    fc.constantFrom(
      { type: "deadline" as const },
      { type: "cancelled" as const },
      { type: "result" as const, outcome },
    ),
  ),
  { maxLength: 30 },
);

test("whatever happens, a call that needs go never gets a second attempt once go was written, and settles once", () => {
  fc.assert(
    fc.property(events, (sequence) => {
      let state = newCall;
      let wentAt: number | null = null;
      let settlements = 0;
      let repeated = false;
      for (const event of sequence) {
        const step = advance(state, event);
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === "go") wentAt ??= state.attempt;
          if (effect.type === "send" && wentAt !== null && effect.attempt !== wentAt) repeated = true;
          if (effect.type === "settle") settlements += 1;
        }
      }
      expect(repeated).toBe(false);
      expect(settlements).toBeLessThanOrEqual(1);
      expect(settlements === 1).toBe(state.phase === "settled");
    }),
    { numRuns: 2_000 },
  );
});
