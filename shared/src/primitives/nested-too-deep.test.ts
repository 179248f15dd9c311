import { expect, test } from "vitest";
import { nestedTooDeep } from "./nested-too-deep.ts";

const deep = (levels: number): unknown => JSON.parse(`${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`);

test("depth is counted without recursion", () => {
  expect(nestedTooDeep(deep(200))).toBe(false);
  expect(nestedTooDeep(deep(300))).toBe(true);
  expect(nestedTooDeep(deep(100_000))).toBe(true);
  expect(nestedTooDeep("text")).toBe(false);
});
