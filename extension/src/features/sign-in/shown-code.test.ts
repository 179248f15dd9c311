import { expect, test } from "vitest";
import { shownCode } from "./shown-code.ts";

test("writes a code as two groups of four, however the relay wrote it", () => {
  expect(shownCode("ABCDEFGH")).toBe("ABCD-EFGH");
  expect(shownCode("abcd-efgh")).toBe("ABCD-EFGH");
  expect(shownCode("other")).toBe("other");
});
