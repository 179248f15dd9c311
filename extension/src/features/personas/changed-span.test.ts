import { expect, test } from "vitest";
import { changedFields, changedSpans } from "./changed-span.ts";

test("cuts two texts around the words that differ", () => {
  expect(changedSpans("Lists open issues.", "Lists and deletes open issues.")).toEqual({
    before: { start: "Lists ", changed: "", end: "open issues." },
    after: { start: "Lists ", changed: "and deletes ", end: "open issues." },
  });
});

test("marks everything when nothing is shared and nothing when all is", () => {
  expect(changedSpans("a", "b").after).toEqual({ start: "", changed: "b", end: "" });
  expect(changedSpans("a a", "a a").after.changed).toBe("");
  expect(changedSpans("a", "a a").after).toEqual({ start: "a", changed: " a", end: "" });
});

test("lists only what the pin covers", () => {
  const before = { name: "x", description: "one", inputSchema: { type: "object" as const }, icons: [1] };
  const after = { ...before, description: "two", icons: [2], annotations: { readOnlyHint: true } };
  expect(changedFields(before, after).map((change) => change.field)).toEqual(["description", "annotations"]);
});
