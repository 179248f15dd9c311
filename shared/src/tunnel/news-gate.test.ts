import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNewsGate } from "./news-gate.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(most = 3) {
  const passed: string[] = [];
  const left = { count: 0 };
  const gate = createNewsGate<string>({
    most,
    mayPass: () => {
      if (left.count === 0) return false;
      left.count -= 1;
      return true;
    },
    pass: (news) => void passed.push(news),
  });
  return { gate, passed, left };
}

test("news pass at once while they may; then of each key the newest waits, in the order of the keys", () => {
  const { gate, passed, left } = setUp();
  left.count = 1;
  gate.offer("a", "a1");
  expect(passed.splice(0)).toEqual(["a1"]);
  for (const news of ["a2", "b1", "a3"]) gate.offer(news.slice(0, 1), news);
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual([]);
  left.count = 1;
  vi.advanceTimersByTime(100);
  expect(passed).toEqual(["a3"]);
  left.count = 5;
  vi.advanceTimersByTime(100);
  expect(passed).toEqual(["a3", "b1"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("no more keys wait than it holds, and nothing once it is closed", () => {
  const { gate, passed, left } = setUp(2);
  for (const key of ["a", "b", "c"]) gate.offer(key, key);
  left.count = 9;
  vi.advanceTimersByTime(100);
  expect(passed.splice(0)).toEqual(["a", "b"]);
  left.count = 0;
  gate.offer("a", "a");
  gate.close();
  left.count = 9;
  gate.offer("b", "b");
  vi.advanceTimersByTime(1_000);
  expect([passed, vi.getTimerCount()]).toEqual([[], 0]);
});
