import { expect, test } from "vitest";
import { usageLine, worstLevel } from "./usage-line.ts";

test("warns from eighty percent and says when nothing is left", () => {
  expect([79, 80, 99, 100, 140].map((used) => usageLine(used, 100).level)).toEqual([
    "fine",
    "near",
    "near",
    "over",
    "over",
  ]);
  expect(usageLine(140, 100).share).toBe(1);
});

test("a limit of nothing is used up from the start, and no limit never is", () => {
  expect(usageLine(0, 0)).toMatchObject({ level: "over", share: 1 });
  expect(usageLine(1_000_000, null)).toMatchObject({ level: "fine", share: null, limit: null });
});

test("the tighter of the own number and the relay's holds", () => {
  expect(usageLine(1, 100, 50)).toMatchObject({ limit: 50, byRelay: true });
  expect(usageLine(1, null, 50)).toMatchObject({ limit: 50, byRelay: true });
  expect(usageLine(1, 50, 50)).toMatchObject({ limit: 50, byRelay: false });
  expect(usageLine(1, 20, 50)).toMatchObject({ limit: 20, byRelay: false });
});

test("a summary is as bad as its worst line", () => {
  expect(worstLevel([])).toBe("fine");
  expect(worstLevel([usageLine(1, 10), usageLine(9, 10)])).toBe("near");
  expect(worstLevel([usageLine(10, 10), usageLine(9, 10)])).toBe("over");
});
