import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, onTestFinished, test } from "vitest";
import { createWorld } from "../test-support/world.ts";
import { askingOf } from "./asking-of.ts";
import { newRunning } from "./running-call.ts";

const question = { method: "roots/list", params: {} } as const;

async function setUp() {
  const world = await createWorld();
  const item = newRunning(world.call(), { elapsed: () => performance.now(), onPassed: () => undefined });
  onTestFinished(() => item.deadline.end());
  const put: AbortSignal[] = [];
  const asking = askingOf(item, (_ask, signal) => {
    put.push(signal);
    return new Promise<Outcome>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  return { item, put, asking };
}

test("a question that is withdrawn ends, and another of the same call stays open", async () => {
  const { put, asking } = await setUp();
  const withdrawn = new AbortController();
  const first = asking.onAsk(question, withdrawn.signal);
  void asking.onAsk(question).catch(() => undefined);
  withdrawn.abort(new Error("It made room."));
  await expect(first).rejects.toThrow("It made room.");
  expect(put.map(({ aborted }) => aborted)).toEqual([true, false]);
});

test("says beforehand that a call has asked as often as it may", async () => {
  const { put, asking } = await setUp();
  for (let n = 0; n < 64; n += 1) {
    expect(asking.whyNotAsk()).toBeNull();
    void asking.onAsk(question).catch(() => undefined);
  }
  expect(asking.whyNotAsk()).toMatchObject({ kind: "error" });
  expect(await asking.onAsk(question)).toEqual(asking.whyNotAsk());
  expect(put).toHaveLength(64);
});
