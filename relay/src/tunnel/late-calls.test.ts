import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { isFromBefore } from "./late-calls.ts";

test("outcomes of calls from before the start are taken for a while after it, not for ever", () => {
  const startedAt = Date.parse("2026-11-20T12:00:00Z");
  let now = startedAt;
  const isAwaited = isFromBefore(() => now);
  const before = createId("call", startedAt - 1_000);
  expect(isAwaited(before)).toBe(true);
  expect(isAwaited(createId("call", startedAt + 1))).toBe(false);
  expect(isAwaited(createId("call", startedAt - 3_600_000))).toBe(false);
  now = startedAt + 3_600_000;
  expect(isAwaited(before)).toBe(false);
});
