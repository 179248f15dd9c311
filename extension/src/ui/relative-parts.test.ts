import { expect, test } from "vitest";
import { relativeParts } from "./relative-parts.ts";

const now = Date.UTC(2026, 0, 31);

test("names the largest unit that has passed, rounded towards now", () => {
  expect(relativeParts(now - 59_000, now)).toEqual({ value: 0, unit: "second" });
  expect(relativeParts(now - 119_000, now)).toEqual({ value: -1, unit: "minute" });
  expect(relativeParts(now - 25 * 3_600_000, now)).toEqual({ value: -1, unit: "day" });
  expect(relativeParts(now - 800 * 86_400_000, now)).toEqual({ value: -2, unit: "year" });
});

test("times to come are positive", () => {
  expect(relativeParts(now + 90 * 86_400_000, now)).toEqual({ value: 3, unit: "month" });
  expect(relativeParts(now + 90 * 86_400_000 - 1_000, now)).toEqual({ value: 3, unit: "month" });
  expect(relativeParts(now + 30 * 3_600_000, now)).toEqual({ value: 1, unit: "day" });
});
