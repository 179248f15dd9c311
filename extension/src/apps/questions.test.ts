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

test("callers that never answer keep no place at the app, and there are only so many of them", async () => {
  await using app = await startTalkingApp("legacy");
  let now = 0;
  await using apps = await setUpApps({ now: () => now });
  const connectionId = await apps.add(app.url, "none");
  const asked: string[] = [];
  const gone = new AbortController();
  const silent = (callerKey: string) => {
    const onAsk: DownstreamCall["onAsk"] = () => {
      asked.push(callerKey);
      return new Promise((_resolve, reject) => gone.signal.addEventListener("abort", () => reject(gone.signal.reason)));
    };
    return apps.downstream.call(callOf(connectionId, { callerKey, onAsk, signal: gone.signal }));
  };
  const first = silent("one");
  await expect.poll(() => asked, { timeout: 5_000 }).toEqual(["one"]);
  const waiting = ["two", "three", "four"].map(silent);
  await expect.poll(() => asked.length, { timeout: 5_000 }).toBe(4);
  expect(await silent("five")).toMatchObject({
    kind: "error",
    error: { message: expect.stringContaining("Too many") },
  });
  // After a minute the oldest makes room for the next.
  now = 60_000;
  waiting.push(silent("one"));
  expect(await first).toMatchObject({ kind: "error", error: { message: expect.stringContaining("not answered") } });
  expect(asked).toHaveLength(5);
  const busy = Array.from({ length: 8 }, (_, n) =>
    apps.downstream.call(
      callOf(connectionId, { callerKey: `busy-${n % 2}`, params: { name: "work" }, signal: gone.signal }),
    ),
  );
  await expect.poll(() => app.heard.filter(({ params }) => params["name"] === "work").length).toBe(8);
  gone.abort(new Error("enough"));
  for (const outcome of await Promise.all([...waiting, ...busy])) expect(outcome).toMatchObject({ kind: "fault" });
}, 15_000);

test("while a caller is asked, no call of its session spends its time, and all go on with the answer", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const paused = new Map<string, number>();
  const clock = (name: string) => () => {
    paused.set(name, (paused.get(name) ?? 0) + 1);
    return () => void paused.set(name, (paused.get(name) ?? 0) - 1);
  };
  const over = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const start = (name: string, changes: Partial<DownstreamCall>) =>
    apps.downstream.call(
      callOf(connectionId, { params: { name, arguments: {} }, pause: clock(name), signal: over.signal, ...changes }),
    );
  const onAsk: DownstreamCall["onAsk"] = () => promise;
  const working = start("work", { onAsk });
  const elsewhere = start("work", { onAsk, callerKey: "other", pause: clock("elsewhere") });
  await expect.poll(() => app.heard.length, { timeout: 5_000 }).toBe(2);
  const asking = start("ask", { onAsk });
  await expect.poll(() => Object.fromEntries(paused), { timeout: 5_000 }).toEqual({ work: 1, ask: 1 });
  resolve({ kind: "result", result: { action: "decline" } });
  expect(await asking).toMatchObject({ kind: "result" });
  expect(Object.fromEntries(paused)).toEqual({ work: 0, ask: 0 });
  over.abort(new Error("enough"));
  await Promise.all([working, elsewhere]);
});

test("an app's word that a link is done with reaches the caller while its call runs", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const elicited: unknown[] = [];
  const call = callOf(connectionId, {
    params: { name: "ask-link", arguments: {} },
    capabilities: { elicitation: { url: {} } },
    onAsk: decline,
    onElicited: (params) => elicited.push(params),
  });
  expect(await apps.downstream.call(call)).toMatchObject({ kind: "result" });
  expect(elicited).toEqual([{ elicitationId: "link-1" }]);
});

test.each(["legacy", "modern"] as const)(
  "a %s app is not told to wait for word of changed roots, which has no way to it",
  async (era) => {
    await using app = await startTalkingApp(era);
    await using apps = await setUpApps();
    const connectionId = await apps.add(app.url, "none");
    const capabilities = { elicitation: { form: {} }, roots: { listChanged: true, "x-unknown": 1 } };
    const read = { method: "resources/read", params: { uri: "notes://one" }, capabilities } as const;
    await apps.downstream.call(callOf(connectionId, read));
    expect(app.capabilities.at(-1)).toEqual({ elicitation: { form: {} }, roots: { "x-unknown": 1 } });
  },
);

test("a log that names no request goes to the newest, of which the caller is surely there", async () => {
  await using app = await startTalkingApp("legacy");
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const over = new AbortController();
  const logged: string[] = [];
  const start = (name: string) =>
    apps.downstream.call(
      callOf(connectionId, { params: { name }, signal: over.signal, onLog: () => logged.push(name), logLevel: "info" }),
    );
  const working = start("work");
  await expect.poll(() => app.heard.some(({ params }) => params["name"] === "work")).toBe(true);
  await start("log");
  expect(logged).toEqual(["log"]);
  over.abort(new Error("enough"));
  await working;
});
