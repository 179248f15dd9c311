import { createId } from "@agent-personas/shared/primitives/id";
import type { Ask, Outcome } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { publishTools } from "../personas/publish-tools.ts";
import { testVersion } from "../test-support/test-persona.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { createOpenQuestions, type OpenQuestions } from "./open-questions.ts";
import { runCall, type MakeCall } from "./run-call.ts";

const ALL = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const DONE: Outcome = { kind: "result", result: { content: [{ type: "text", text: "done" }] } };
const stateKey = { id: "test", secret: new Uint8Array(32).fill(7) };
const version = testVersion(createId("device"));
const persona = {
  personaId: version.personaId,
  slug: "release-bot-abcdef",
  ownerId: createId("user"),
  version,
  ...publishTools(version),
};

const exchangeOf = (era: Exchange["era"], change: Partial<Exchange> = {}): Exchange => ({
  persona,
  principal: {
    kind: "key",
    id: "key-1",
    personaId: persona.personaId,
    executingUserId: persona.ownerId,
    deviceId: null,
    scopes: ["read"],
    tools: null,
    keyId: "key-1",
    forwardedHeaders: {},
  },
  era,
  client: "test",
  capabilities: ALL,
  logLevel: null,
  hearsStreams: true,
  session: null,
  requestId: "req_1",
  traceparent: null,
  ...change,
});

const contextOf = (change: Partial<RequestContext> = {}): RequestContext => ({
  signal: new AbortController().signal,
  notify: () => undefined,
  ask: () => Promise.reject(new Error("nobody was to be asked")),
  answers: {},
  state: undefined,
  ...change,
});

let questions: OpenQuestions;
beforeEach(() => {
  questions = createOpenQuestions({ now: Date.now });
});
afterEach(() => questions.abortAll());

const request = { method: "tools/call", params: { name: "Echo_say", arguments: { a: 1 } } };
const run = (make: MakeCall, context: Partial<RequestContext> = {}, exchange = exchangeOf("modern"), now = Date.now) =>
  runCall(request, exchange, contextOf(context), make, { questions, stateKey, now });

const ask = (askId: string, method: Ask["method"] = "elicitation/create"): Ask => ({
  callId: createId("call"),
  askId,
  method,
  params: { message: askId },
});

/** An app that asks two things at once in the middle of its work. */
const asking: MakeCall = async (_params, { signal, onAsk }) => {
  const answers = await Promise.all([onAsk?.(ask("one"), signal), onAsk?.(ask("two", "roots/list"), signal)]);
  return { kind: "result", result: { answers } };
};

/** Asks for a link to be opened, so many times. */
const until =
  (rounds: number): MakeCall =>
  ({ requestState = 0, inputResponses }) => {
    if (requestState === String(rounds)) return Promise.resolve({ kind: "result", result: { inputResponses } });
    const link = { mode: "url", url: "https://example.com", message: "m" };
    const inputRequests = { again: { method: "elicitation/create", params: link } };
    const result = { resultType: "input_required", inputRequests, requestState: String(Number(requestState) + 1) };
    return Promise.resolve({ kind: "result", result });
  };

const late = () => Date.now() + 11 * 60_000;

const required = (outcome: Outcome): { inputRequests: Record<string, unknown>; requestState: string } => {
  if (outcome.kind !== "result" || outcome.result["resultType"] !== "input_required") {
    throw new Error(`No question: ${JSON.stringify(outcome)}`);
  }
  const { inputRequests, requestState } = outcome.result;
  return { inputRequests: { ...(inputRequests as object) }, requestState: String(requestState) };
};

test("what an app asks while it works is asked by the answer, and goes on with the request that brings the answers", async () => {
  const first = required(await run(asking));
  expect(first.inputRequests).toMatchObject({ one: { params: { message: "one" } }, two: { method: "roots/list" } });
  const part = required(await run(asking, { answers: { one: { action: "accept" } }, state: first.requestState }));
  expect(Object.keys(part.inputRequests)).toEqual(["two"]);
  const last = await run(asking, { answers: { two: { roots: [] } }, state: part.requestState });
  expect(last).toEqual({
    kind: "result",
    result: {
      answers: [
        { kind: "result", result: { action: "accept" } },
        { kind: "result", result: { roots: [] } },
      ],
    },
  });
  expect(questions.size()).toBe(0);
});

test("a state is for one caller, one request and some minutes; another's, an old or a made-up one is refused", async () => {
  const { requestState: state } = required(await run(asking));
  const other = exchangeOf("modern");
  const stranger = { ...other, principal: { ...other.principal, id: "key-2" } };
  await expect(run(asking, { state }, stranger)).rejects.toBeInstanceOf(ProtocolError);
  await expect(run(asking, { state }, other, late)).rejects.toBeInstanceOf(ProtocolError);
  await expect(run(asking, { state: `${state.slice(0, -3)}AAA` })).rejects.toBeInstanceOf(ProtocolError);
  await expect(run(asking, { state: "made-up" })).rejects.toMatchObject({ code: -32_602 });
  const changed = { ...request, params: { ...request.params, arguments: { a: 2 } } };
  await expect(
    runCall(changed, other, contextOf({ state }), asking, { questions, stateKey, now: Date.now }),
  ).rejects.toBeInstanceOf(ProtocolError);
});

test("a call that waits is not known to a relay that has restarted, which says to send it anew", async () => {
  const { requestState: state } = required(await run(asking));
  questions.abortAll();
  questions = createOpenQuestions({ now: Date.now });
  await expect(run(asking, { state, answers: { one: {} } })).rejects.toThrow("send the request anew");
});

test("the state of an app is carried unread, and comes back to it with the answers", async () => {
  const seen: unknown[] = [];
  const rounds: MakeCall = (params) => {
    seen.push([params["requestState"], params["inputResponses"]]);
    if (params["requestState"] === "secret-1") return Promise.resolve(DONE);
    const inputRequests = { name: { method: "elicitation/create", params: {} } };
    const result = { resultType: "input_required", inputRequests, requestState: "secret-1", "x-kept": 1 };
    return Promise.resolve({ kind: "result", result });
  };
  const outcome = await run(rounds);
  const { requestState: state } = required(outcome);
  expect(state).not.toContain("secret-1");
  expect(outcome).toMatchObject({ result: { "x-kept": 1 } });
  expect(await run(rounds, { state, answers: { name: { action: "accept" } } })).toEqual(DONE);
  expect(seen).toEqual([
    [undefined, undefined],
    ["secret-1", { name: { action: "accept" } }],
  ]);
});

test("an app never asks what the client did not declare: refused in the call, -32021 for its result", async () => {
  const silent = exchangeOf("modern", { capabilities: { roots: {} } });
  const refused = await run(asking, {}, silent);
  expect(Object.keys(required(refused).inputRequests)).toEqual(["two"]);
  const inputRequests = { model: { method: "sampling/createMessage", params: {} } };
  const wants: MakeCall = () =>
    Promise.resolve({ kind: "result", result: { resultType: "input_required", inputRequests } });
  expect(await run(wants, {}, silent)).toMatchObject({
    kind: "error",
    error: { code: -32_021, data: { requiredCapabilities: { sampling: {} } } },
  });
  expect(required(await run(wants)).inputRequests).toEqual(inputRequests);
});

test("a client of the earlier era is asked by requests, round after round, ten at most", async () => {
  const put: unknown[] = [];
  const context: Partial<RequestContext> = {
    ask: (question) => {
      put.push(question);
      return Promise.resolve({ kind: "result", result: { action: "accept", round: put.length } });
    },
  };
  const legacy = exchangeOf("legacy");
  expect(await run(until(3), context, legacy)).toEqual({
    kind: "result",
    result: { inputResponses: { again: { action: "accept", round: 3 } } },
  });
  expect(put[0]).toMatchObject({ params: { mode: "url", elicitationId: expect.stringMatching(/^ask_/u) } });
  expect(await run(until(99), context, legacy)).toMatchObject({ kind: "error", error: { message: /too often/u } });
});

test("links that an earlier app insists on become questions, and the call is made again once they were opened", async () => {
  const link = { mode: "url", elicitationId: "e-1", url: "https://example.com/allow", message: "Allow it" };
  let made = 0;
  const insisting: MakeCall = (params) => {
    made += 1;
    expect(params).toEqual(request.params);
    if (made > 1) return Promise.resolve(DONE);
    return Promise.resolve({
      kind: "error",
      error: { code: -32_042, message: "Open", data: { elicitations: [link] } },
    });
  };
  const { inputRequests, requestState: state } = required(await run(insisting));
  expect(inputRequests).toEqual({
    link_1: { method: "elicitation/create", params: { mode: "url", url: link.url, message: "Allow it" } },
  });
  expect(await run(insisting, { state, answers: { link_1: { action: "decline" } } })).toMatchObject({ kind: "error" });
  expect(made).toBe(1);
  expect(await run(insisting, { state, answers: { link_1: { action: "accept" } } })).toEqual(DONE);
  made = 0;
  const formOnly = exchangeOf("modern", { capabilities: { elicitation: {} } });
  expect(await run(insisting, {}, formOnly)).toMatchObject({ error: { code: -32_021 } });
  made = 0;
  expect(await run(insisting, {}, exchangeOf("legacy"))).toMatchObject({ error: { code: -32_042, data: {} } });
});

test("a client that goes away while its call works ends it, and not while it thinks about a question", async () => {
  const controller = new AbortController();
  let ended = false;
  const working: MakeCall = (_params, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        ended = true;
        reject(new Error("cancelled"));
      });
    });
  const running = run(working, { signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toThrow("cancelled");
  expect(ended).toBe(true);
  const thinking = new AbortController();
  const { requestState: state } = required(await run(asking, { signal: thinking.signal }));
  thinking.abort();
  const answers = { one: { action: "accept" }, two: { roots: [] } };
  expect(await run(asking, { state, answers })).toMatchObject({ kind: "result" });
});
