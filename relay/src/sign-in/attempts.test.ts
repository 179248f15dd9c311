import { expect, test } from "vitest";
import { createAttempts } from "./attempts.ts";

function attempts() {
  const clock = { now: 1_000 };
  return { clock, ...createAttempts({ now: () => clock.now, limit: 5, windowMs: 60_000 }) };
}

test("an address has five wrong guesses a window, another address its own", () => {
  const { begin, clock } = attempts();
  expect(Array.from({ length: 7 }, () => begin("192.0.2.1"))).toEqual([true, true, true, true, true, false, false]);
  expect(begin("192.0.2.2")).toBe(true);
  clock.now += 60_000;
  expect(begin("192.0.2.1")).toBe(true);
});

test("right guesses do not count", () => {
  const { begin, succeeded } = attempts();
  for (let index = 0; index < 20; index += 1) {
    expect(begin("192.0.2.1")).toBe(true);
    succeeded("192.0.2.1");
  }
});

test.each([
  ["2001:db8:1:2::1", "2001:0db8:1:2:ffff:1:2:3", "one"],
  ["2001:db8::1", "2001:db8:0:0:5::", "one"],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", "two"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.2", "two"],
])("%s and %s are %s network", (first, second, count) => {
  const { begin } = attempts();
  for (let index = 0; index < 5; index += 1) begin(first);
  expect(begin(second)).toBe(count === "two");
});
