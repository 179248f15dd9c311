import { expect, test } from "vitest";
import { compareNames } from "./compare-names.ts";

test("numbers in names count as numbers, and case comes last", () => {
  const sorted = ["shelf_10", "Shelf_2", "shelf_1", "alpha", "shelf_9"].toSorted(compareNames);
  expect(sorted).toEqual(["alpha", "shelf_1", "Shelf_2", "shelf_9", "shelf_10"]);
});
