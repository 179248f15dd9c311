import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDeadline } from "./deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const setUp = (ms: number, maxPauseMs?: number) => {
  const onPassed = vi.fn<() => void>();
  const deadline = createDeadline({
    ms,
    now: () => Date.now(),
    onPassed,
    ...(maxPauseMs !== undefined && { maxPauseMs }),
  });
  return { deadline, onPassed };
};

test("passes once, when its time is over", () => {
  const { deadline, onPassed } = setUp(100);
  vi.advanceTimersByTime(99);
  expect(onPassed).not.toHaveBeenCalled();
  expect(deadline.remaining()).toBe(1);
  vi.advanceTimersByTime(500);
  expect(onPassed).toHaveBeenCalledTimes(1);
  expect(deadline.remaining()).toBe(0);
});

test("stands still while somebody is asked, also when questions overlap", () => {
  const { deadline, onPassed } = setUp(100);
  vi.advanceTimersByTime(60);
  const [first, second] = [deadline.pause(), deadline.pause()];
  vi.advanceTimersByTime(1_000);
  first();
  first();
  vi.advanceTimersByTime(1_000);
  expect(deadline.remaining()).toBe(40);
  second();
  vi.advanceTimersByTime(39);
  expect(onPassed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onPassed).toHaveBeenCalledTimes(1);
});

test("does not wait for answers for ever, and all pauses together count", () => {
  const { deadline, onPassed } = setUp(100, 300);
  const first = deadline.pause();
  vi.advanceTimersByTime(200);
  first();
  deadline.pause();
  vi.advanceTimersByTime(99);
  expect(onPassed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onPassed).toHaveBeenCalledTimes(1);
});

test("never passes once it was ended", () => {
  const { deadline, onPassed } = setUp(100);
  const resume = deadline.pause();
  deadline.end();
  resume();
  vi.advanceTimersByTime(10_000_000);
  expect(onPassed).not.toHaveBeenCalled();
});
