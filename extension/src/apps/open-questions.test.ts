import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { createCallLimit } from "./call-limit.ts";
import type { DownstreamCall } from "./downstream.ts";
import { createOpenQuestions } from "./open-questions.ts";

const question = { method: "roots/list", params: {} } as const;
const { signal } = new AbortController();

/** One connection with as many open questions as it may have, all older than a minute. */
async function setUp() {
  let now = 0;
  const questions = createOpenQuestions({ now: () => now });
  const limit = createCallLimit();
  const withdrawals: (AbortSignal | undefined)[] = [];
  const ask = async (changes: Partial<DownstreamCall> = {}): Promise<Outcome | undefined> => {
    const call: DownstreamCall = {
      connectionId: "connection_1",
      callerKey: "caller",
      forwardedHeaders: null,
      method: "tools/call",
      params: { name: "ask" },
      capabilities: { roots: {} },
      logLevel: null,
      signal,
      deadline: signal,
      onAsk: (_ask, withdrawn) => {
        withdrawals.push(withdrawn);
        return new Promise((_resolve, reject) => {
          withdrawn?.addEventListener("abort", () => reject(withdrawn.reason));
        });
      },
      ...changes,
    };
    return questions.partsOf(call, await limit.enter("app_1", signal)).onAsk?.(question);
  };
  const open = Array.from({ length: 4 }, () => ask());
  await expect.poll(() => withdrawals.length).toBe(4);
  now += 60_000;
  return { ask, open, withdrawals };
}

const withdrawn = (withdrawals: readonly (AbortSignal | undefined)[]): unknown[] =>
  withdrawals.map((each) => each?.aborted);

test("a question that makes room for another is withdrawn from its caller", async () => {
  const { ask, open, withdrawals } = await setUp();
  void ask();
  expect(await open[0]).toMatchObject({ kind: "error", error: { message: "The question was not answered" } });
  expect(withdrawn(withdrawals)).toEqual([true, false, false, false, false]);
});

test("no question makes room for one whose caller cannot be asked", async () => {
  const { ask, withdrawals } = await setUp();
  const refused: Outcome = { kind: "error", error: { code: -32_603, message: "The caller has gone on" } };
  expect(await ask({ whyNotAsk: () => refused })).toEqual(refused);
  expect(withdrawn(withdrawals)).toEqual([false, false, false, false]);
});
