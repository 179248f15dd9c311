import { expect, test } from "vitest";
import { readDecimal, readWhole } from "./typed-number.ts";

test("reads whole numbers and nothing that could mean another", () => {
  expect([readWhole(" "), readWhole("0"), readWhole("10 000")]).toEqual([null, 0, 10_000]);
  for (const text of ["1,000", "1.5", "-1", "1e3", "ten", "1234567890"]) expect(readWhole(text)).toBe("wrong");
});

test("reads decimals with a point or a comma", () => {
  expect([readDecimal("", 2), readDecimal("12.50", 2), readDecimal("0,5", 2)]).toEqual([null, 12.5, 0.5]);
  for (const text of ["1,000", "1.234", ".5", "1.", "$5", "-2"]) expect(readDecimal(text, 2)).toBe("wrong");
});
