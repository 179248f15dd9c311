import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test, vi } from "vitest";
import { setUpExecutor } from "../test-support/set-up-executor.ts";

const done: Outcome = { kind: "result", result: { content: [{ type: "text", text: "done" }] } };
type Device = Awaited<ReturnType<typeof setUpExecutor>>;

/** A call whose app says that it works until its deadline has passed. */
async function begin({ world, app, executor }: Device, changes: Partial<Call> = {}): Promise<Call> {
  const call = world.call({ deadline: 400, ...changes });
  const before = app.calls.length;
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(before + 1));
  app.calls.at(-1)?.onProgress?.({ progress: 1 });
  return call;
}

async function parkOne(device: Device): Promise<string> {
  const { outcome } = await device.resultOf((await begin(device)).callId);
  if (outcome.kind !== "parked") throw new Error(`Not parked: ${JSON.stringify(outcome)}`);
  return outcome.handle;
}

async function wait(device: Device, handle: string, timeoutSeconds: number, changes: Partial<Call> = {}) {
  const params = { handle, timeoutSeconds };
  const call = device.world.call({ slotId: null, method: "persona/wait-for-call", params, ...changes });
  await device.executor.receive(call);
  return (await device.resultOf(call.callId)).outcome;
}

test("a call whose app says that it works is answered with a handle at its deadline, and goes on", async () => {
  const device = await setUpExecutor();
  const handle = await parkOne(device);
  const [request] = device.app.calls;
  expect(request?.deadline.aborted).toBe(false);
  expect(await wait(device, handle, 0)).toEqual({ kind: "parked", handle });
  const waiting = wait(device, handle, 45);
  request?.answer(done);
  expect(await waiting).toEqual(done);
  // Also for who comes later, and again.
  expect(await wait(device, handle, 0)).toEqual(done);
  expect(device.app.calls).toHaveLength(1);
});

test("a call that has said nothing until its deadline is aborted", async () => {
  const device = await setUpExecutor();
  const call = device.world.call({ deadline: 400 });
  await device.executor.receive(call);
  expect((await device.resultOf(call.callId)).outcome).toMatchObject({ code: "app_timeout" });
  expect(device.app.calls[0]?.deadline.aborted).toBe(true);
});

test("what a parked call comes to is kept encrypted, for its caller only", async () => {
  const device = await setUpExecutor();
  const handle = await parkOne(device);
  device.app.calls[0]?.answer(done);
  await vi.waitFor(async () => expect((await device.world.db.keptResults.get(handle))?.sealed).not.toBeNull());
  const row = await device.world.db.keptResults.get(handle);
  expect(new TextDecoder().decode(row?.sealed?.ciphertext)).not.toContain("done");
  const principal = { ...device.world.call().principal, id: "key_2" };
  expect(await wait(device, handle, 0, { principal })).toMatchObject({ code: "handle_unknown" });
  expect(await wait(device, handle, 0)).toEqual(done);
});

test("of a parked call whose worker died nobody knows the outcome", async () => {
  const first = await setUpExecutor();
  const handle = await parkOne(first);
  const second = await setUpExecutor({ world: first.world, session: first.session, bootId: "boot-2" });
  expect(await wait(second, handle, 45)).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  expect(second.app.calls).toHaveLength(0);
});

test("four calls of one connection go on at most; the next one is aborted as it was before", async () => {
  const device = await setUpExecutor();
  for (let n = 0; n < 4; n += 1) await parkOne(device);
  const fifth = await begin(device);
  expect((await device.resultOf(fifth.callId)).outcome).toMatchObject({ code: "app_timeout" });
  device.app.calls[0]?.answer(done);
  await vi.waitFor(async () => {
    expect(await device.world.db.keptResults.filter((row) => row.bootId === null).count()).toBe(1);
  });
  await parkOne(device);
});

test("a parked call can neither ask its caller nor be heard of", async () => {
  const device = await setUpExecutor();
  const handle = await parkOne(device);
  const [request] = device.app.calls;
  request?.onProgress?.({ progress: 2, progressToken: 7 });
  expect(device.notices).toEqual([]);
  const question = { method: "roots/list", params: {} } as const;
  expect(request?.whyNotAsk?.()).toMatchObject({ kind: "error" });
  expect(await request?.onAsk?.(question)).toMatchObject({ kind: "error" });
  expect(device.asked).toEqual([]);
  expect(await wait(device, handle, 0)).toMatchObject({ kind: "parked" });
});

test("a call that is not over after ten minutes is aborted", async () => {
  let skipped = 0;
  const device = await setUpExecutor({ elapsed: () => performance.now() + skipped });
  const call = await begin(device);
  skipped = 10 * 60_000 - 300;
  const { outcome } = await device.resultOf(call.callId);
  const handle = outcome.kind === "parked" ? outcome.handle : "";
  expect(await wait(device, handle, 45)).toMatchObject({ kind: "fault", code: "app_timeout" });
  expect(device.app.calls[0]?.deadline.aborted).toBe(true);
});

test("a relay that is left takes its parked calls along", async () => {
  const device = await setUpExecutor();
  const handle = await parkOne(device);
  await device.executor.forget();
  expect(device.app.calls[0]?.signal.aborted).toBe(true);
  expect(await device.world.db.keptResults.count()).toBe(0);
  expect(await wait(device, handle, 0)).toMatchObject({ code: "handle_unknown" });
});
