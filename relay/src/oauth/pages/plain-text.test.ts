import { expect, test } from "vitest";
import { mayImitate, plainText } from "./plain-text.ts";

test.each([
  ["turned text", "Claude\u202Eedoc\u2066x\u2069", "Claudeedocx"],
  ["hidden characters", "Cl\u200Bau\u00ADde\uFEFF\u{E0041}", "Claude"],
  ["line breaks and controls", "Claude\r\n\u0000\u001B[31mCode\u2028x", "Claude [31mCode x"],
  ["stacked marks", `a${"\u0301\u0302\u0303".repeat(50)}b`, "á\u0302\u0303\u0301b"],
  ["ornamental letters", "Ｃｌａｕｄｅ 𝐂𝐨𝐝𝐞", "Claude Code"],
  ["HTML, which stays text", "<b onclick=x>Hi</b>", "<b onclick=x>Hi</b>"],
  ["half of a pair", "a\uD800b", "ab"],
])("makes one harmless line of %s", (_, hostile, plain) => {
  expect(plainText(hostile, 80)).toBe(plain);
});

test("two thousand characters are cut between visible characters, and cutting is stable", () => {
  const cut = plainText("👩‍👩‍👧 ".repeat(400), 80);
  expect(cut.length).toBeLessThanOrEqual(80);
  expect(cut.endsWith("…")).toBe(true);
  for (const text of [cut, plainText("é".repeat(2_000), 80), plainText("ﷺ".repeat(2_000), 80)]) {
    expect(text.length).toBeLessThanOrEqual(80);
    expect(plainText(text, 80)).toBe(text);
  }
});

test.each([
  ["Clаude", true],
  ["Сосоа", true],
  ["Ηελλo", true],
  ["Claude Code", false],
  ["Ассистент Ёжик", false],
  ["Кодировщик 2", false],
  ["クロード Code", false],
  ["1234", false],
])("%s may imitate another name: %s", (name, imitates) => {
  expect(mayImitate(name)).toBe(imitates);
});
