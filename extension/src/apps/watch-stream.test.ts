import { expect, test } from "vitest";
import { watchStream } from "./watch-stream.ts";

type Answer = Response | Error;
const stream = () => new Response("", { headers: { "content-type": "text/event-stream" } });
const status = (code: number) => new Response(null, { status: code });

/** Asks once for each answer; says after how many the stream was lost, 0 for never, and what the session was told. */
async function ask(answers: readonly Answer[], init: RequestInit = {}) {
  let asked = 0;
  let lostAfter = 0;
  const fetch = watchStream(
    () => {
      const answer = answers[asked];
      asked += 1;
      return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error("not asked"));
    },
    () => (lostAfter ||= asked),
  );
  const told: (number | string)[] = [];
  for (let n = 0; n < answers.length; n += 1) {
    told.push(
      await fetch("http://app.test/", { method: "GET", ...init }).then(
        (response) => response.status,
        (error: unknown) => String(error),
      ),
    );
  }
  return { lostAfter, told };
}

test.each<[string, readonly Answer[], number]>([
  ["could not be had at first", [status(503)], 1],
  ["an app that is not reached at first", [new Error("refused")], 1],
  ["ended, and its session is not known any more", [stream(), status(404)], 2],
  ["ended, and the SDK does not ask a third time", [stream(), new Error("refused"), status(503)], 3],
  ["was there again in between", [stream(), status(503), stream(), status(503)], 0],
  ["an app took away", [stream(), status(405), status(405)], 3],
  ["was never offered", [status(405)], 0],
])("knows when the stream is gone for good: %s", async (_what, answers, lostAfter) => {
  expect((await ask(answers)).lostAfter).toBe(lostAfter);
});

test("an app that answers a page instead of a stream is not asked again and again", async () => {
  expect(await ask([new Response("<h1>Hello</h1>")])).toEqual({ lostAfter: 0, told: [405] });
});

test("neither the end of the session nor another request says anything about the stream", async () => {
  const failed = [new Error("aborted")];
  expect((await ask(failed, { signal: AbortSignal.abort() })).lostAfter).toBe(0);
  expect((await ask(failed, { method: "POST" })).lostAfter).toBe(0);
});
