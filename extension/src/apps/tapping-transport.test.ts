import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { CORRELATION, tapTransport, type Listeners } from "./tapping-transport.ts";

/** A session whose app says what the test lets it say. */
async function setUp() {
  const sent: unknown[] = [];
  const inner = new StreamableHTTPClientTransport(new URL("https://app.example/mcp"), {
    fetch: (_url, init) => {
      const { body } = init ?? {};
      if (typeof body === "string") sent.push(JSON.parse(body));
      return Promise.resolve(new Response(null, { status: 202 }));
    },
  });
  const tap = tapTransport(inner, () => undefined);
  await inner.start();
  onTestFinished(() => inner.close());
  const request = async (id: number, listeners: Listeners) => {
    const awaited = tap.expect(`key-${id}`, listeners);
    await tap.transport.send(
      { jsonrpc: "2.0", id, method: "tools/call", params: { name: "work" } },
      { headers: { [CORRELATION]: `key-${id}` } },
    );
    return awaited;
  };
  const ask = (id: number) => inner.onmessage?.({ jsonrpc: "2.0", id, method: "roots/list" });
  const answerTo = (id: number) => vi.waitFor(() => sent.find((each) => isAnswer(each, id)) ?? none(id));
  return { inner, request, ask, answerTo };
}

const isAnswer = (message: unknown, id: number): boolean =>
  typeof message === "object" && message !== null && "id" in message && message.id === id && !("method" in message);

const none = (id: number): never => {
  throw new Error(`Nothing was answered to ${id}.`);
};

const roots: Outcome = { kind: "result", result: { roots: [] } };
const over: Outcome = { kind: "error", error: { code: -32_603, message: "The call is over" } };

test.each<[string, (question: PromiseWithResolvers<Outcome>) => void]>([
  ["is answered for", ({ resolve }) => resolve(over)],
  ["is given up", ({ reject }) => reject(new Error("The call is over"))],
])("a question whose carrier ends and %s is put through a request that still runs", async (_how, end) => {
  const { inner, request, ask, answerTo } = await setUp();
  const question = Promise.withResolvers<Outcome>();
  await request(1, { onAsk: () => Promise.resolve(roots) });
  const fast = await request(2, { onAsk: () => question.promise });
  ask(9);
  inner.onmessage?.({ jsonrpc: "2.0", id: 2, result: {} });
  await fast.answer;
  fast.release();
  end(question);
  expect(await answerTo(9)).toEqual({ jsonrpc: "2.0", id: 9, result: { roots: [] } });
});

test("a question is not put through a request whose caller cannot be asked; where none can, it is said why", async () => {
  const { request, ask, answerTo } = await setUp();
  const first = await request(1, { onAsk: () => Promise.resolve(roots) });
  await request(2, { onAsk: () => Promise.resolve(over), whyNotAsk: () => over });
  ask(8);
  expect(await answerTo(8)).toEqual({ jsonrpc: "2.0", id: 8, result: { roots: [] } });
  first.release();
  ask(9);
  expect(await answerTo(9)).toEqual({ jsonrpc: "2.0", id: 9, error: { code: -32_603, message: "The call is over" } });
});

test("what a caller answers with an error is not asked of another request", async () => {
  const { request, ask, answerTo } = await setUp();
  const asked: string[] = [];
  const onAsk = (name: string) => () => {
    asked.push(name);
    return Promise.resolve(over);
  };
  await request(1, { onAsk: onAsk("one") });
  await request(2, { onAsk: onAsk("two") });
  ask(9);
  expect(await answerTo(9)).toMatchObject({ error: { message: "The call is over" } });
  expect(asked).toEqual(["two"]);
});
