import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

/** A body of `chunks` pieces that declares no length; counts how many were taken. */
function endless(piece: Uint8Array<ArrayBuffer>, chunks: number) {
  const taken = { pieces: 0 };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      taken.pieces += 1;
      if (taken.pieces > chunks) controller.close();
      else controller.enqueue(piece);
    },
  });
  return { response: new Response(body), taken };
}

test("reads text whose characters are cut between pieces", async () => {
  const bytes = new TextEncoder().encode("grün ✓");
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
  const body = new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  expect(await readText(new Response(body), 100)).toBe("grün ✓");
  expect(await readText(new Response(null), 100)).toBe("");
});

test("takes no more of a body without a declared length than is allowed", async () => {
  const { response, taken } = endless(new Uint8Array(1_000), 1_000_000);
  await expect(readText(response, 10_000)).rejects.toThrow("too long");
  expect(taken.pieces).toBeLessThan(20);
});
