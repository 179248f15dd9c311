import { expect, test } from "vitest";
import { createSerial } from "./serial.ts";

test("runs tasks in order, one at a time, and goes on after a failure", async () => {
  const serial = createSerial();
  const seen: string[] = [];
  const task = (name: string, ms: number, fails = false) =>
    serial(async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([task("a", 10), task("b", 5, true), task("c", 0)]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
