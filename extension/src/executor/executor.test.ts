import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test, vi } from "vitest";
import type { SessionStore } from "../lib/session-store.ts";
import { memorySessionStore } from "../test-support/memory-session-store.ts";
import { setUpExecutor as setUp } from "../test-support/set-up-executor.ts";
import { createWorld } from "../test-support/world.ts";

const done: Outcome = { kind: "result", result: { content: [] } };

test("executes a read-only call at once with the app's own tool name and answers its result", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call({ params: { name: "search", arguments: { q: "a" }, _meta: { trace: 1 } } });
  expect(await executor.receive(call)).toEqual({ accepted: true, needsGo: false });
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  expect(app.calls[0]?.params).toEqual({ name: "search", arguments: { q: "a" }, _meta: { trace: 1 } });
  app.calls[0]?.answer(done);
  expect((await resultOf(call.callId)).outcome).toEqual(done);
});

test("names resources in results as the caller can read them, where two apps may have the same address", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const [slot] = world.accepted.slots;
  if (slot === undefined) throw new Error("no slot");
  const other = { ...slot, slotId: createId("slot"), prefix: "Other", resources: "all" as const };
  await world.accept({ slots: [{ ...slot, resources: "all" }, other] });
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  const link = { type: "resource_link", uri: "notes://1", name: "One" };
  app.calls[0]?.answer({ kind: "result", result: { content: [link] } });
  const content = [{ ...link, uri: "Notes+notes://1" }];
  expect((await resultOf(call.callId)).outcome).toEqual({ kind: "result", result: { content } });
});

test("executes a writing call only after go, and only once however often go comes", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call({ params: { name: "create" } });
  expect(await executor.receive(call)).toEqual({ accepted: true, needsGo: true });
  expect((await executor.hello()).calls).toEqual([{ callId: call.callId, state: "unstarted" }]);
  expect(app.calls).toHaveLength(0);
  executor.go(call.callId);
  executor.go(call.callId);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  expect((await executor.hello()).calls).toEqual([{ callId: call.callId, state: "running" }]);
  app.calls[0]?.answer(done);
  await resultOf(call.callId);
  executor.go(call.callId);
  expect(app.calls).toHaveLength(1);
});

test("accepts in time a call whose app is slow to list its tools, and executes it after go once they are there", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const begun = Promise.withResolvers<void>();
    const listed = Promise.withResolvers<void>();
    const ensureListed = (): Promise<void> => {
      begun.resolve();
      return listed.promise;
    };
    const { world, app, executor } = await setUp({ ensureListed });
    const call = world.call();
    const accepted = executor.receive(call);
    await begun.promise;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await accepted).toEqual({ accepted: true, needsGo: true });
    expect((await executor.hello()).calls).toEqual([{ callId: call.callId, state: "unstarted" }]);
    executor.go(call.callId);
    expect(app.calls).toHaveLength(0);
    listed.resolve();
    await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  } finally {
    vi.useRealTimers();
  }
});

test("accepts a call while the ledger is written, and sends nothing to the app before", async () => {
  const world = await createWorld();
  const writing = world.call({ params: { name: "create" } });
  const reading = world.call();
  const written = Promise.withResolvers<void>();
  const store = memorySessionStore();
  const held = new Set<string>();
  const session: SessionStore = {
    ...store,
    setAll: async (rows) => {
      for (const key of Object.keys(rows)) held.add(key);
      await written.promise;
      await store.setAll(rows);
    },
  };
  const { app, executor } = await setUp({ session, world });
  expect(await executor.receive(writing)).toEqual({ accepted: true, needsGo: true });
  expect(await executor.receive(reading)).toEqual({ accepted: true, needsGo: false });
  executor.go(writing.callId);
  await vi.waitFor(() => expect(held.size).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(app.calls).toHaveLength(0);
  written.resolve();
  await vi.waitFor(() => expect(app.calls).toHaveLength(2));
});

test("executes after go only what the person still allows then", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const paused = world.call({ params: { name: "create" } });
  const changed = world.call({ params: { name: "create" } });
  await executor.receive(paused);
  await executor.receive(changed);
  await world.accept({ status: "paused" });
  executor.go(paused.callId);
  expect((await resultOf(paused.callId)).outcome).toMatchObject({ kind: "fault", code: "persona_paused" });
  await world.accept({ version: 4, tools: [] });
  executor.go(changed.callId);
  expect((await resultOf(changed.callId)).outcome).toMatchObject({ kind: "fault", code: "tool_not_in_persona" });
  expect(app.calls).toHaveLength(0);
});

test("answers a repeated call from the ledger: while it runs, when it is done, after it was stored", async () => {
  const { world, app, executor, results, resultOf } = await setUp();
  const call = world.call();
  await Promise.all([executor.receive(call), executor.receive(call)]);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer(done);
  await resultOf(call.callId);
  await executor.receive(call);
  expect(results.map((result) => result.outcome)).toEqual([done, done]);
  executor.stored(call.callId);
  await executor.receive({ ...call, attempt: 2 });
  expect(results.at(-1)?.outcome).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  expect(app.calls).toHaveLength(1);
});

test("a copy of a call that waits for go is told to wait for go as well", async () => {
  const { world, executor } = await setUp();
  const call = world.call({ params: { name: "create" } });
  const answers = await Promise.all([executor.receive(call), executor.receive(call)]);
  expect(answers.map((answer) => answer.needsGo)).toEqual([true, true]);
});

test("after the worker died, runs a read-only call again in a later attempt, and never a writing one", async () => {
  const session = memorySessionStore();
  const first = await setUp({ session });
  const reading = first.world.call();
  const writing = first.world.call({ params: { name: "create" } });
  await first.executor.receive(reading);
  await first.executor.receive(writing);
  first.executor.go(writing.callId);
  await vi.waitFor(() => expect(first.app.calls).toHaveLength(2));

  const second = await setUp({ session, bootId: "boot-2", world: first.world });
  expect((await second.executor.hello()).calls.map((each) => each.state)).toEqual(["running", "running"]);
  await second.executor.receive({ ...writing, attempt: 2 });
  second.executor.go(writing.callId);
  expect((await second.resultOf(writing.callId)).outcome).toMatchObject({ code: "outcome_unknown" });
  await second.executor.receive(reading);
  expect((await second.resultOf(reading.callId)).outcome).toMatchObject({ code: "outcome_unknown" });
  expect(second.app.calls).toHaveLength(0);
  await second.executor.receive({ ...reading, attempt: 2 });
  await vi.waitFor(() => expect(second.app.calls).toHaveLength(1));
});

test("drops a call whose deadline passed before go, unexecuted", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call({ params: { name: "create" }, deadline: 30 });
  await executor.receive(call);
  expect((await resultOf(call.callId)).outcome).toMatchObject({ kind: "fault", code: "not_delivered" });
  executor.go(call.callId);
  expect(app.calls).toHaveLength(0);
});

test("puts an app's question to the caller, and stops the clock while it is open", async () => {
  const { world, app, executor, asked, answer, results, resultOf } = await setUp();
  const call = world.call({ deadline: 200 });
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  const question = { method: "elicitation/create", params: { message: "Which?" } } as const;
  const resume = app.calls[0]?.pause?.();
  const answered = app.calls[0]?.onAsk?.(question);
  expect(asked).toEqual([{ ...question, callId: call.callId, askId: expect.stringMatching(/^ask_/u) }]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(results).toEqual([]);
  answer.resolve(done);
  expect(await answered).toEqual(done);
  resume?.();
  app.calls[0]?.answer(done);
  expect((await resultOf(call.callId)).outcome).toEqual(done);
});

test("answers a question that no frame can carry itself", async () => {
  const { world, app, executor, asked } = await setUp();
  await executor.receive(world.call());
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  const long = { method: "sampling/createMessage", params: { text: "x".repeat(300_000) } } as const;
  expect(await app.calls[0]?.onAsk?.(long)).toMatchObject({ kind: "error" });
  expect(asked).toEqual([]);
});

test("puts as many questions of one call as the relay takes, and answers the rest itself", async () => {
  const { world, app, executor, asked, answer } = await setUp();
  await executor.receive(world.call());
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  answer.resolve(done);
  const question = { method: "roots/list", params: {} } as const;
  for (let n = 0; n < 64; n += 1) expect(await app.calls[0]?.onAsk?.(question)).toEqual(done);
  expect(await app.calls[0]?.onAsk?.(question)).toMatchObject({ kind: "error" });
  expect(asked).toHaveLength(64);
});

test("gives the app no longer than the deadline, counted from receipt", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call({ deadline: 400 });
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  expect(app.calls[0]?.deadline.aborted).toBe(false);
  expect((await resultOf(call.callId)).outcome).toMatchObject({ code: "app_timeout", detail: { app: "Notes" } });
});

test("aborts and settles a call whose app side does not end by the deadline", async () => {
  const { world, app, executor, results } = await setUp({ stuck: true });
  const call = world.call({ deadline: 30 });
  await executor.receive(call);
  await vi.waitFor(() => expect(results).toHaveLength(1), { timeout: 3_000 });
  expect(results[0]?.outcome).toMatchObject({ kind: "fault", code: "app_timeout" });
  expect(app.calls[0]?.signal.aborted).toBe(true);
});

test("aborts the app's request when the caller goes away, and drops one that waits for go", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const reading = world.call();
  const writing = world.call({ params: { name: "create" } });
  await executor.receive(reading);
  await executor.receive(writing);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  executor.cancel(reading.callId, "gone");
  executor.cancel(writing.callId, "gone");
  expect(app.calls[0]?.signal.aborted).toBe(true);
  expect((await resultOf(writing.callId)).outcome).toMatchObject({ code: "call_cancelled" });
  executor.go(writing.callId);
  expect(app.calls).toHaveLength(1);
});

test("answers a refused call with its code and executes nothing", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call({ params: { name: "erase" } });
  expect(await executor.receive(call)).toEqual({ accepted: true, needsGo: false });
  expect((await resultOf(call.callId)).outcome).toMatchObject({ kind: "fault", code: "tool_forbidden" });
  expect(app.calls).toHaveLength(0);
});

test("takes 64 calls at once and answers the next that it is too busy", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const calls = Array.from({ length: 65 }, () => world.call());
  await Promise.all(calls.map((call) => executor.receive(call)));
  await vi.waitFor(() => expect(app.calls).toHaveLength(64));
  expect((await resultOf(calls[64]?.callId ?? "")).outcome).toMatchObject({ code: "too_busy" });
});

test("answers a result longer than the tunnel takes as too large, naming the cap", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer({ kind: "result", result: { content: [{ type: "text", text: "ä".repeat(4 * 1024 * 1024) }] } });
  expect((await resultOf(call.callId)).outcome).toEqual({
    kind: "fault",
    code: "result_too_large",
    detail: { cap: "8 MiB" },
  });
});

test("never lets two callers, keys or personas share a session at an app", async () => {
  const { world, app, executor } = await setUp();
  const principal = world.call().principal;
  const calls = [
    world.call(),
    world.call({ principal: { ...principal, id: "key_2" } }),
    world.call({ session: "session-1" }),
    world.call({ session: "session-2" }),
    world.call({ session: "session-1", principal: { ...principal, id: "key_2" } }),
  ];
  for (const call of calls) await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(5));
  expect(new Set(app.calls.map((call) => call.callerKey)).size).toBe(5);
});

const deep = (levels: number): Record<string, unknown> => ({
  nested: JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`),
});

test("answers a result that nothing could serialise, instead of leaving its caller without an answer", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer({ kind: "result", result: deep(100_000) });
  expect((await resultOf(call.callId)).outcome).toMatchObject({ kind: "error", error: { code: -32_603 } });
});

test("passes an app's progress and logs on as long as the relay takes them, and drops the rest", async () => {
  const { world, app, executor, notices } = await setUp();
  await executor.receive(world.call());
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  const { onProgress, onLog, onElicited } = app.calls[0] ?? {};
  onProgress?.({ progress: 1, progressToken: 7 });
  onElicited?.({ elicitationId: "link-1" });
  onElicited?.({ elicitationId: "x".repeat(300_000) });
  onProgress?.({ message: "x".repeat(300_000), progressToken: 7 });
  onLog?.({ data: "x".repeat(300_000) });
  onProgress?.({ ...deep(100_000), progressToken: 7 });
  expect(notices).toEqual([{ progress: 1, progressToken: 7 }, { elicitationId: "link-1" }]);
  for (let n = 0; n < 10_000; n += 1) onLog?.({ data: n });
  expect(notices.length).toBeGreaterThan(50);
  expect(notices.length).toBeLessThan(200);
});

test("one app's flood of progress, over all its calls, stays below what the relay takes from a device", async () => {
  const { world, app, executor, notices } = await setUp();
  await Promise.all(Array.from({ length: 64 }, () => executor.receive(world.call())));
  await vi.waitFor(() => expect(app.calls).toHaveLength(64));
  for (const { onProgress } of app.calls) for (let n = 0; n < 100; n += 1) onProgress?.({ progress: n });
  expect(notices.length).toBeLessThan(1_000);
});

test("tells the next relay nothing of what the one before asked for", async () => {
  const { world, app, executor, results, session } = await setUp();
  const [answered, open, waiting] = [world.call(), world.call(), world.call({ params: { name: "create" } })];
  for (const call of [answered, open, waiting]) await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(2));
  app.calls[0]?.answer(done);
  await vi.waitFor(async () => expect(await executor.outbox()).toHaveLength(1));
  const ledgerId = await executor.ledgerId();
  await executor.forget();
  expect(app.calls[1]?.signal.aborted).toBe(true);
  app.calls[1]?.answer(done);
  executor.go(waiting.callId);
  expect([await executor.outbox(), await executor.hello()]).toEqual([[], { calls: [] }]);
  expect(await executor.ledgerId()).not.toBe(ledgerId);
  const reborn = await setUp({ session, bootId: "boot-2", world });
  expect([await reborn.executor.outbox(), await reborn.executor.hello()]).toEqual([[], { calls: [] }]);
  expect([app.calls.length, results.length]).toEqual([2, 1]);
});

test("hands a passthrough caller's headers to the app, and keeps them nowhere", async () => {
  const { world, app, session, executor, resultOf } = await setUp();
  const header = { name: "x-token", purpose: "", required: true, value: null };
  await world.accept({
    inbound: { accessKeys: true, interactive: false, passthrough: { headers: [header], jwt: null, scopes: ["read"] } },
    slots: world.accepted.slots.map((slot) => ({ ...slot, usesForwardedHeaders: true })),
  });
  const principal = { ...world.call().principal, kind: "external" as const };
  const call = world.call({ principal, forwardedHeaders: { "x-token": "header-canary" } });
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls[0]?.forwardedHeaders).toEqual({ "x-token": "header-canary" }));
  expect(JSON.stringify(await session.list(""))).not.toContain("canary");
  app.calls[0]?.answer(done);
  const result = await resultOf(call.callId);
  expect(JSON.stringify([result, await session.list(""), await executor.hello()])).not.toContain("canary");
});

test("line 7: a call that is cancelled while it arrives is never executed", async () => {
  const { world, app, executor, resultOf } = await setUp();
  const call = world.call();
  const accepted = executor.receive(call);
  executor.cancel(call.callId, "The caller went away.");
  await accepted;
  expect((await resultOf(call.callId)).outcome).toMatchObject({ kind: "fault", code: "call_cancelled" });
  expect(app.calls).toHaveLength(0);
});
