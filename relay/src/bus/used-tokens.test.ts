import { expect, test } from "vitest";
import { createUsedTokens } from "./used-tokens.ts";

test("an id is used once for as long as its token could be replayed, and forgotten after", () => {
  const clock = { now: 0 };
  const tokens = createUsedTokens(() => clock.now);
  for (const start of [0, 60_000, 89_999]) {
    clock.now = start;
    expect(tokens.use(`jti-${start}`)).toBe(true);
    clock.now = start + 70_000;
    expect(tokens.use(`jti-${start}`)).toBe(false);
  }
  clock.now += 10 * 60_000;
  expect(tokens.use("jti-0")).toBe(true);
});
