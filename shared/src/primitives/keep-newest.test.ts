import { expect, test } from "vitest";
import { keepNewest } from "./keep-newest.ts";

test("beyond the limit the entry goes that was set the longest ago, not the one that was first", () => {
  const map = new Map<string, number>();
  for (const [key, value] of [
    ["a", 1],
    ["b", 2],
    ["a", 3],
    ["c", 4],
  ] as const)
    keepNewest(map, key, value, 2);
  expect([...map]).toEqual([
    ["a", 3],
    ["c", 4],
  ]);
});

test("setting what is there again pushes nothing else out", () => {
  const map = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  keepNewest(map, "b", 3, 2);
  expect([...map]).toEqual([
    ["a", 1],
    ["b", 3],
  ]);
});
