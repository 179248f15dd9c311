import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStandingStreams } from "./standing-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An app whose streams the test writes. */
function createApp(answer: () => Response | null = () => null) {
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const app = {
    asked: 0,
    open,
    say: (text: string) => open.forEach((controller) => controller.enqueue(new TextEncoder().encode(text))),
    connect: (signal: AbortSignal): Promise<Response> => {
      app.asked += 1;
      const other = answer();
      if (other !== null) return Promise.resolve(other);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          open.add(controller);
          signal.addEventListener("abort", () => {
            open.delete(controller);
            controller.error(signal.reason);
          });
        },
      });
      return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
    },
  };
  return app;
}

test("an app is heard while a call holds the stream and shortly after it", async () => {
  const app = createApp();
  const stream = createStandingStreams(2)();
  const heard = stream.answer(app.connect, null).body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(app.asked).toBe(0);
  const letGo = await stream.hold();
  app.say("data: {}\n\n");
  expect((await heard?.read())?.value).toBe("data: {}\n\n");
  letGo();
  await vi.advanceTimersByTimeAsync(4_000);
  (await stream.hold())();
  await vi.advanceTimersByTimeAsync(4_900);
  expect([app.asked, app.open.size]).toEqual([1, 1]);
  app.say("data: half");
  expect((await heard?.read())?.value).toBe("data: half");
  await vi.advanceTimersByTimeAsync(200);
  expect(app.open.size).toBe(0);
  // So that the next event is not taken for the rest of this one.
  expect((await heard?.read())?.value).toBe("\n\n");
  (await stream.hold())();
  expect([app.asked, app.open.size]).toEqual([2, 1]);
});

test("there are only so many at a time; an idle one makes room, one in use does not", async () => {
  const app = createApp();
  const create = createStandingStreams(2);
  const streams = [create(), create(), create()];
  for (const stream of streams) stream.answer(app.connect, null);
  const [first, second, third] = streams;
  const letGo = await first?.hold();
  await second?.hold();
  const without = await third?.hold();
  expect([app.asked, app.open.size]).toEqual([2, 2]);
  without?.();
  letGo?.();
  await third?.hold();
  expect([app.asked, app.open.size]).toEqual([3, 2]);
});

test("a stream that ends while a call waits is there again after a second, so many times and no more", async () => {
  const app = createApp();
  const stream = createStandingStreams(1)();
  stream.answer(app.connect, null);
  const letGo = await stream.hold();
  for (let end = 1; end <= 20; end += 1) {
    for (const controller of app.open) controller.close();
    app.open.clear();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(app.asked).toBe(11);
  letGo();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(app.asked).toBe(11);
});

test("an app that is not ready for a stream is asked again at the next call", async () => {
  let busy = true;
  const app = createApp(() => (busy ? new Response(null, { status: 409 }) : null));
  const stream = createStandingStreams(1)();
  stream.answer(app.connect, null);
  (await stream.hold())();
  busy = false;
  (await stream.hold())();
  expect([app.asked, app.open.size]).toEqual([2, 1]);
});

test("an app that offers no such stream is asked once, and a silent one delays the call by a second", async () => {
  for (const answer of [() => new Response(null, { status: 405 }), () => new Response("<h1>Hello</h1>")]) {
    const refuses = createApp(answer);
    const stream = createStandingStreams(1)();
    stream.answer(refuses.connect, null);
    (await stream.hold())();
    (await stream.hold())();
    expect(refuses.asked).toBe(1);
  }

  const silent = createStandingStreams(1)();
  silent.answer(() => new Promise(() => undefined), null);
  const held = silent.hold();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await held).toBeTypeOf("function");
});

test("the end of the session ends its stream; one that never asks for any delays the first call only", async () => {
  const app = createApp();
  const session = new AbortController();
  const stream = createStandingStreams(1)();
  const { body } = stream.answer(app.connect, session.signal);
  await stream.hold();
  session.abort();
  expect(app.open.size).toBe(0);
  expect(await body?.getReader().read()).toMatchObject({ done: true });
  await stream.hold();
  expect(app.asked).toBe(1);

  const unasked = createStandingStreams(1)();
  const held = unasked.hold();
  await vi.advanceTimersByTimeAsync(100);
  await held;
  await unasked.hold();
});
