import { expect, test } from "vitest";
import { createCallLimit } from "./call-limit.ts";

const APP = "app_1";
const open = () => new AbortController().signal;

/** What came in, in order. */
function line(limit: ReturnType<typeof createCallLimit>) {
  const inside: string[] = [];
  const enter = async (name: string, signal = open()) => {
    const place = await limit.enter(APP, signal);
    inside.push(name);
    return place;
  };
  return { inside, enter };
}

test("a lent place is another's; who comes back waits for one, before all that come anew", async () => {
  const { inside, enter } = line(createCallLimit({ inFlight: 1, queued: 3 }));
  const first = await enter("first");
  const second = enter("second");
  const third = enter("third");
  const comeBack = first.lend();
  const place = await second;
  const back = comeBack().then(() => inside.push("first again"));
  place.leave();
  await back;
  expect(inside).toEqual(["first", "second", "first again"]);
  first.leave();
  (await third).leave();
  expect(inside.at(-1)).toBe("third");
});

test("a place that is lent for two reasons is taken again after the last, and never twice", async () => {
  const { inside, enter } = line(createCallLimit({ inFlight: 1, queued: 3 }));
  const first = await enter("first");
  const [one, two] = [first.lend(), first.lend()];
  await one();
  await one();
  const second = await enter("second");
  const back = two().then(() => inside.push("first again"));
  expect(inside).toEqual(["first", "second"]);
  second.leave();
  await back;
  const third = enter("third");
  expect(inside).toEqual(["first", "second", "first again"]);
  first.leave();
  (await third).leave();
  await enter("fourth");
  expect(inside.at(-1)).toBe("fourth");
});

test("a call that has its place again does not stand in line for another", async () => {
  const { inside, enter } = line(createCallLimit({ inFlight: 1, queued: 3 }));
  const first = await enter("first");
  const comeBack = first.lend();
  const second = await enter("second");
  const one = comeBack();
  const comeBackToo = first.lend();
  const two = comeBackToo();
  second.leave();
  await one;
  await two;
  const third = enter("third");
  expect(inside).toEqual(["first", "second"]);
  first.leave();
  (await third).leave();
  expect(inside.at(-1)).toBe("third");
});

test("calls that wait to come back do not fill the line, and leave it when they are over", async () => {
  const { enter } = line(createCallLimit({ inFlight: 1, queued: 1 }));
  const gone = new AbortController();
  const [first, second] = [await enter("first"), enter("second", gone.signal)];
  const comeBack = first.lend();
  const place = await second;
  const back = comeBack();
  const third = enter("third");
  await expect(enter("fourth")).rejects.toMatchObject({ code: "too_busy" });
  first.leave();
  await expect(back).rejects.toThrow("The call is over");
  const away = place.lend();
  (await third).leave();
  gone.abort(new Error("gone"));
  await expect(away()).rejects.toThrow("gone");
  place.leave();
  await enter("fifth");
});
