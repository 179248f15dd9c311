import { expect, test } from "vitest";
import { PRICE_META_KEY, priceOf, statedPrice } from "./price.ts";

const price = { minCents: 1, maxCents: 3, unit: "call", note: "" };
const definition = (stated?: unknown) => ({
  name: "search",
  inputSchema: { type: "object" as const },
  ...(stated === undefined ? {} : { _meta: { [PRICE_META_KEY]: stated } }),
});

test("reads the price that an app states, and nothing that is none", () => {
  expect(statedPrice(definition(price))).toEqual(price);
  expect(statedPrice(definition())).toBe(null);
  expect(statedPrice(definition({ ...price, minCents: 4 }))).toBe(null);
  expect(statedPrice(definition("cheap"))).toBe(null);
});

test("lets the owner's price count instead of the app's", () => {
  const own = { ...price, maxCents: 9 };
  expect(priceOf({ price: own, definition: definition(price) })).toEqual(own);
  expect(priceOf({ definition: definition(price) })).toEqual(price);
  expect(priceOf({ definition: definition() })).toBe(null);
});
