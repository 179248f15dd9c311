import "fake-indexeddb/auto";
import { expect, onTestFinished, test, vi } from "vitest";
import { openDatabase } from "./database.ts";
import { watch } from "./watch.ts";

test("answers now and after every change of what the query read, until it is stopped", async () => {
  const db = openDatabase("test-watch");
  onTestFinished(() => db.delete());
  const seen: number[] = [];
  const stop = watch(
    () => db.bindings.count(),
    (count) => seen.push(count),
  );
  await vi.waitFor(() => expect(seen).toEqual([0]));
  await db.bindings.put({ personaId: "p", slotId: "s", connectionId: "c" });
  await vi.waitFor(() => expect(seen).toEqual([0, 1]));
  stop();
  await db.bindings.clear();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(seen).toEqual([0, 1]);
});
