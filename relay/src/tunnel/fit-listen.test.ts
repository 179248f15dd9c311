import { createId } from "@agent-personas/shared/primitives/id";
import { FRAME_BYTES, listenSchema, type Listening } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { fitListen } from "./fit-listen.ts";

const wish = (more: Partial<Listening> = {}): Listening => ({
  personaId: createId("persona", 1),
  slotId: createId("slot", 1),
  lists: false,
  resources: [],
  ...more,
});

test("what several callers want of one app is one wish, the same whoever asked first", () => {
  const [one, other] = [
    wish({ resources: ["notes://b", "notes://a"] }),
    wish({ lists: true, resources: ["notes://b"] }),
  ];
  // The same app, although made at another moment.
  Object.assign(other, { personaId: one.personaId, slotId: one.slotId });
  const together = [{ ...one, lists: true, resources: ["notes://a", "notes://b"] }];
  expect(fitListen([one, other])).toEqual(together);
  expect(fitListen([other, one])).toEqual(together);
});

test("of two addresses the one that takes less of the frame is kept, however many characters it has", () => {
  // All but some 3,000 bytes of the frame: room for the 2,000 characters that are a byte each, not for 1,000 of six.
  const shorter = Array.from({ length: 199 }, (_, n) => `${n}`.padStart(644, "x"));
  const filled = (slot: number, ...more: string[]) =>
    wish({ slotId: createId("slot", slot), resources: [...shorter, ...more] });
  const fitted = fitListen([filled(1), filled(2, "y".repeat(2_000)), wish({ resources: ["\u0001".repeat(1_000)] })]);
  expect(fitted[1]?.resources).toContain("y".repeat(2_000));
});

test("a wish never exceeds a frame or what a device takes; the longest addresses are left out", () => {
  const letters = ["ä", "\u0001", "x"];
  const wishes = Array.from({ length: 1_200 }, (_, slot) =>
    wish({
      slotId: createId("slot", slot),
      lists: true,
      resources: [`notes://${slot}`, ...letters.map((letter) => letter.repeat(2_000)), "", "y".repeat(2_001)],
    }),
  );
  const fitted = fitListen(wishes);
  expect(listenSchema.safeParse({ slots: fitted }).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(["listen", { slots: fitted }]))).toBeLessThanOrEqual(FRAME_BYTES);
  expect(fitted).toHaveLength(1_000);
  expect(fitted.every(({ lists, resources }, slot) => lists && resources[0] === `notes://${slot}`)).toBe(true);
  expect(fitted.some(({ resources }) => resources.length === 1)).toBe(true);
});
