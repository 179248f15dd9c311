import { expect, test } from "vitest";
import { escapeHidden, hasHidden, plainLine, showHidden } from "./hidden-characters.ts";

test("shows bidi marks, zero-width characters, tags and controls as code points", () => {
  expect(showHidden("a\u202Eb\u200B\u{E0041}\u0007")).toEqual([
    { text: "a", hidden: false },
    { text: "U+202E", hidden: true },
    { text: "b", hidden: false },
    { text: "U+200B", hidden: true },
    { text: "U+E0041", hidden: true },
    { text: "U+0007", hidden: true },
  ]);
});

test("leaves letters, emoji, tabs and new lines of any language alone", () => {
  const text = "Größe\t東京\n👍 عربى";
  expect(showHidden(text)).toEqual([{ text, hidden: false }]);
  expect(hasHidden(text)).toBe(false);
  expect(hasHidden(`${text}\u2066`)).toBe(true);
});

test("makes one plain line for names and labels", () => {
  expect(plainLine(" Delete\u202E \n all ")).toBe("Delete all");
});

test("writes hidden characters of JSON as escapes of the same value", () => {
  const value = { text: "a\u202E\u{E0041}b" };
  const escaped = escapeHidden(JSON.stringify(value));
  expect(escaped).toBe(String.raw`{"text":"a\u202E\uDB40\uDC41b"}`);
  expect(JSON.parse(escaped)).toEqual(value);
});
