import { expect, test } from "vitest";
import { draftOfPrice, NO_PRICE_DRAFT, readPrice } from "./price-draft.ts";

const typed = (changes: Partial<typeof NO_PRICE_DRAFT>) => readPrice({ ...NO_PRICE_DRAFT, ...changes });

test("a price survives being typed", () => {
  const price = { minCents: 0.5, maxCents: 3, unit: "page", note: "More for long pages." };
  expect(readPrice(draftOfPrice(price))).toEqual({ price, problems: [] });
});

test("nothing typed is no price, and nothing more than an amount is one for each call", () => {
  expect(typed({})).toEqual({ price: null, problems: [] });
  expect(typed({ max: "2" }).price).toEqual({ minCents: 2, maxCents: 2, unit: "call", note: "" });
  expect(typed({ min: "0" }).price).toMatchObject({ minCents: 0, maxCents: 0 });
});

test("names what keeps it from being a price", () => {
  expect(typed({ unit: "page" }).problems).toEqual(["missing"]);
  expect(typed({ min: "3", max: "1" }).problems).toEqual(["order"]);
  expect(typed({ min: "cheap", max: "1000001" }).problems).toEqual(["min", "max"]);
  expect(typed({ min: "1", unit: "u".repeat(41), note: "n".repeat(201) }).problems).toEqual(["unitLong", "noteLong"]);
  for (const wrong of [{ unit: "page" }, { min: "3", max: "1" }, { min: "cheap" }]) {
    expect(typed(wrong).price).toBe(null);
  }
});
