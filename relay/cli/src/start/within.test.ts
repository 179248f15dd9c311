import { expect, test } from "vitest";
import { within } from "./within.ts";

const never = new Promise<never>(() => undefined);
const idle = () => new AbortController();

test("answers what the work answers", async () => {
  await expect(within(Promise.resolve(7), { ms: 1_000, otherwise: "late", signal: idle().signal })).resolves.toBe(7);
});

test("passes on what the work throws", async () => {
  const work = Promise.reject(new Error("broken"));
  await expect(within(work, { ms: 1_000, otherwise: "late", signal: idle().signal })).rejects.toThrow("broken");
});

test("gives up with its sentence at the deadline", async () => {
  await expect(within(never, { ms: 10, otherwise: "It took too long.", signal: idle().signal })).rejects.toThrow(
    "It took too long.",
  );
});

test("gives up at once when everything is being stopped, also when that was before", async () => {
  const stop = idle();
  const waiting = within(never, { ms: 60_000, otherwise: "late", signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  await expect(within(never, { ms: 60_000, otherwise: "late", signal: stop.signal })).rejects.toThrow("stopped");
});
