import { jsonBytes } from "@agent-personas/shared/primitives/json-bytes";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test, vi } from "vitest";
import { setUpExecutor } from "../test-support/set-up-executor.ts";

const MIB = 1024 * 1024;
const SECRET = "the quarterly figures";
const LONG = `${SECRET}\n`.repeat((3 * MIB) / SECRET.length);
const long: Outcome = { kind: "result", result: { content: [{ type: "text", text: LONG }] } };

const resultIn = (outcome: Outcome): Record<string, unknown> => (outcome.kind === "result" ? outcome.result : {});
const handleIn = (outcome: Outcome): string | undefined => JSON.stringify(outcome).match(/more_[^\\"]+/u)?.[0];

function textOf(outcome: Outcome): string {
  const { content } = resultIn(outcome);
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  return blocks
    .map((block) => (JSON.stringify(block).includes("agent-personas/note") ? "" : String(Object(block)["text"])))
    .join("");
}

async function cutOne(options: Parameters<typeof setUpExecutor>[0] = {}) {
  const set = await setUpExecutor(options);
  const { world, app, executor, resultOf } = set;
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer(long);
  const { outcome } = await resultOf(call.callId);
  const ask = async (handle: string, changes: Partial<Call> = {}): Promise<Outcome> => {
    const more = world.call({ slotId: null, method: "persona/read-more", params: { handle }, ...changes });
    expect(await executor.receive(more)).toEqual({ accepted: true, needsGo: false });
    return (await resultOf(more.callId)).outcome;
  };
  return { ...set, outcome, ask, handle: handleIn(outcome) ?? "" };
}

test("a result over the cap is cut, and read on page by page without a loss", async () => {
  const { outcome, ask } = await cutOne();
  const pages = [outcome];
  for (let handle = handleIn(outcome); handle !== undefined;) {
    const page = await ask(handle);
    expect(await ask(handle)).toEqual(page);
    pages.push(page);
    handle = handleIn(page);
  }
  expect(pages.length).toBe(4);
  expect(pages.map(textOf).join("")).toBe(LONG);
  for (const page of pages) expect(jsonBytes(resultIn(page))).toBeLessThanOrEqual(MIB);
});

test("the rest of a result is for the caller that made the call, of that persona, and nobody else", async () => {
  const { world, ask, handle } = await cutOne();
  const { principal } = world.call();
  const unknown = { kind: "fault", code: "handle_unknown" };
  expect(await ask(handle, { principal: { ...principal, id: "key_2" } })).toMatchObject(unknown);
  expect(await ask(handle, { principal: { ...principal, kind: "grant" } })).toMatchObject({ kind: "fault" });
  expect(await ask(handle.replace(/.{3}\.0/u, "zzz.0"))).toMatchObject(unknown);
  expect(await ask(handle.replace(/\.0\.\d+$/u, ".9.0"))).toMatchObject(unknown);
  expect(await ask("../../more")).toMatchObject(unknown);
  const other = createId("persona");
  await world.db.personas.put({ ...(await anyPersona(world)), personaId: other });
  expect(await ask(handle, { personaId: other })).toMatchObject(unknown);
  expect(await ask(handle)).toMatchObject({ kind: "result" });
});

const anyPersona = async ({ db }: Awaited<ReturnType<typeof cutOne>>["world"]) => {
  const row = await db.personas.toCollection().first();
  if (row === undefined) throw new Error("There is no persona.");
  return row;
};

test("who may not call a tool any more does not get the rest of its result either", async () => {
  const { world, ask, handle } = await cutOne();
  const { principal } = world.call();
  expect(await ask(handle, { principal: { ...principal, scopes: ["write"] } })).toMatchObject({
    code: "insufficient_scope",
  });
  expect(await ask(handle, { principal: { ...principal, tools: ["Notes_create"] } })).toMatchObject({
    code: "tool_not_in_persona",
  });
  await world.accept({ status: "paused" });
  expect(await ask(handle)).toMatchObject({ code: "persona_paused" });
  await world.accept({ tools: [] });
  expect(await ask(handle)).toMatchObject({ code: "tool_not_in_persona" });
});

test("what is kept is encrypted, bound to its caller, and gone after a day or with the relay", async () => {
  let now = Date.now();
  const { world, ask, handle, executor } = await cutOne({ now: () => now });
  const [row] = await world.db.keptResults.toArray();
  if (row === undefined) throw new Error("Nothing is kept.");
  expect(new TextDecoder().decode(row.sealed?.ciphertext)).not.toContain(SECRET);
  // A page that is moved to another caller in the database is unreadable there.
  await world.db.keptResults.put({ ...row, principal: "key:key_2" });
  const thief = { ...world.call().principal, id: "key_2" };
  expect(await ask(handle, { principal: thief })).toMatchObject({ code: "stored_data_unreadable" });
  await world.db.keptResults.put(row);
  now += 24 * 3_600_000 + 1;
  expect(await ask(handle)).toMatchObject({ code: "handle_unknown" });
  now -= 24 * 3_600_000;
  expect(await ask(handle)).toMatchObject({ kind: "result" });
  await executor.forget();
  expect(await world.db.keptResults.count()).toBe(0);
});

test("what asks the caller for something, and what is no tool's result, is never cut", async () => {
  const { world, app, executor, resultOf } = await setUpExecutor();
  const asking: Outcome = { kind: "result", result: { ...resultIn(long), resultType: "input_required" } };
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer(asking);
  expect((await resultOf(call.callId)).outcome).toEqual(asking);
  expect(await world.db.keptResults.count()).toBe(0);
});

test("a result that cannot be kept is answered as too large, not cut with a handle that leads nowhere", async () => {
  const { world, app, executor, resultOf } = await setUpExecutor();
  world.db.keptResults.hook("creating", () => {
    throw new Error("The disk is full.");
  });
  const call = world.call();
  await executor.receive(call);
  await vi.waitFor(() => expect(app.calls).toHaveLength(1));
  app.calls[0]?.answer(long);
  expect((await resultOf(call.callId)).outcome).toMatchObject({ code: "result_too_large", detail: { cap: "1 MiB" } });
});
