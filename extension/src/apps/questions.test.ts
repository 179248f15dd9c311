import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, onTestFinished, test } from "vitest";
import type { DownstreamCall } from "./downstream.ts";
import { openSession } from "./open-session.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startTalkingApp } from "./test-support/talking-app.ts";

const callOf = (connectionId: string, changes: Partial<DownstreamCall>): DownstreamCall => ({
  connectionId,
  callerKey: "caller",
  forwardedHeaders: null,
  method: "tools/call",
  params: { name: "ask", arguments: {} },
  capabilities: { elicitation: {} },
  logLevel: null,
  signal: new AbortController().signal,
  deadline: AbortSignal.timeout(10_000),
  ...changes,
});

const refuse: DownstreamCall["onAsk"] = () => Promise.reject(new Error("the call is over"));
const decline: NonNullable<DownstreamCall["onAsk"]> = () =>
  Promise.resolve({ kind: "result", result: { action: "decline" } });

test("an app's question reaches the caller as the app wrote it, and the answer goes back as the caller gave it", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const asked: unknown[] = [];
  const answer: Outcome = { kind: "result", result: { action: "accept", content: { a: 1 }, "x-unknown": [2] } };
  const onAsk: DownstreamCall["onAsk"] = (ask) => {
    asked.push(ask);
    return Promise.resolve(answer);
  };
  expect(await apps.downstream.call(callOf(connectionId, { onAsk }))).toEqual({
    kind: "result",
    result: { content: [{ type: "text", text: JSON.stringify(answer.result) }] },
  });
  expect(asked).toEqual([
    {
      method: "elicitation/create",
      params: { message: "Which one?", requestedSchema: { type: "object", properties: {} }, "x-unknown": true },
    },
  ]);
});

test("a question that an app puts beside its answers, as older ones do, reaches the caller, too", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const ask = async (callerKey: string): Promise<Outcome> => {
    const onAsk: DownstreamCall["onAsk"] = () => Promise.resolve({ kind: "result", result: { action: callerKey } });
    return apps.downstream.call(
      callOf(connectionId, { callerKey, params: { name: "ask-aside", arguments: {} }, onAsk }),
    );
  };
  // More callers than there may be such streams, each of which makes room for the next.
  for (const caller of ["one", "two", "three", "four"]) {
    expect(await ask(caller)).toMatchObject({ result: { content: [{ text: JSON.stringify({ action: caller }) }] } });
  }
});

test("an app is told only what its caller can be asked, and another wish is another session", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const silent = await apps.downstream.call(callOf(connectionId, { capabilities: {} }));
  expect(silent.kind === "error" || (silent.kind === "result" && silent.result["isError"] === true)).toBe(true);
  expect(await apps.downstream.call(callOf(connectionId, { onAsk: decline }))).toMatchObject({ kind: "result" });
});

test("a question that nobody answers is answered with an error, and the call goes on", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(callOf(connectionId, { onAsk: refuse }))).toMatchObject({
    kind: "error",
    error: { message: expect.stringContaining("Nobody can be asked") },
  });
});

test.each(["legacy", "modern"] as const)(
  "the level that a caller wants is set where the %s app takes it",
  async (era) => {
    await using app = await startTalkingApp(era);
    await using apps = await setUpApps();
    const connectionId = await apps.add(app.url, "none");
    const logged: unknown[] = [];
    const call = callOf(connectionId, {
      params: { name: "log", arguments: {} },
      logLevel: "warning",
      onLog: (params) => logged.push(params),
    });
    await apps.downstream.call(call);
    await apps.downstream.call(call);
    const levels = app.heard.filter(({ method }) => method === "logging/setLevel");
    expect(levels).toHaveLength(era === "legacy" ? 1 : 0);
    expect(logged).toContainEqual({ level: "info", data: { odd: [1] } });
  },
);

test.each(["legacy", "modern"] as const)("reads, prompts and completions of a %s app pass untouched", async (era) => {
  await using app = await startTalkingApp(era);
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const answerTo = async (method: DownstreamCall["method"], params: Record<string, unknown>) =>
    apps.downstream.call(callOf(connectionId, { method, params }));
  expect(await answerTo("resources/read", { uri: "notes://one" })).toMatchObject({
    kind: "result",
    result: { contents: [{ uri: "notes://one", text: "Read.", "x-unknown": 1 }] },
  });
  expect(await answerTo("prompts/get", { name: "sum", arguments: { of: "x" } })).toMatchObject({ kind: "result" });
  const ref = { type: "ref/prompt", name: "sum" };
  expect(await answerTo("completion/complete", { ref, argument: { name: "of", value: "" } })).toMatchObject({
    result: { completion: { values: ["a", "b"] } },
  });
});

test("an app of today, which asks in its answers, is not waited for on any other stream", async () => {
  await using app = await startTalkingApp("modern");
  const session = await openSession({
    appUrl: app.url,
    fetch: (url, init) => fetch(url, init),
    version: "0.1.0",
    timeoutMs: 5_000,
    capabilities: { elicitation: {} },
    standing: { answer: () => new Response(null, { status: 405 }), hold: () => new Promise(() => undefined) },
  });
  onTestFinished(() => session.close());
  const signal = AbortSignal.timeout(5_000);
  expect(await session.request("resources/list", {}, { signal, onAsk: decline })).toMatchObject({ kind: "result" });
});

test("no session of a caller keeps a stream open", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  for (let n = 0; n < 8; n += 1) {
    const call = callOf(connectionId, { callerKey: `caller-${n}`, params: { name: "log", arguments: {} } });
    expect(await apps.downstream.call(call)).toMatchObject({ kind: "result" });
  }
  expect(app.streams()).toBe(0);
});
