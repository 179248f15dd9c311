import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

test("draws waits evenly below a bound that doubles from half a second to thirty", () => {
  const bounds = [0, 1, 2, 5, 6, 7, 100].map((attempt) => backoff(attempt, () => 1));
  expect(bounds).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoff(3, () => 0)).toBe(0);
  expect(backoff(3, () => 0.5)).toBe(2_000);
});
