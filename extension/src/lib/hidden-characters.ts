/** What fonts draw nothing for, controls but line ends and tab, private use; the emoji selector is harmless. */
const HIDDEN = /(?![\t\n\r]|\u{FE0F})[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Co}\u2028\u2029\uFFF9-\uFFFB]/gu;

export type TextPart = { text: string; hidden: boolean };

/** Splits text written by an app so that what a person could not see is shown as its code point. */
export function showHidden(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), hidden: false });
    parts.push({ text: codePoint(match[0]), hidden: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), hidden: false });
  return parts;
}

/** One line without hidden characters, for names and for accessible labels. */
export function plainLine(text: string): string {
  return text.replaceAll(HIDDEN, "").replaceAll(/\s+/gu, " ").trim();
}

export const hasHidden = (text: string): boolean => text.search(HIDDEN) >= 0;

/** JSON text with what nobody could see written as escapes: the same value, readable. */
export function escapeHidden(json: string): string {
  return json.replaceAll(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, index) => String.raw`\u${hex(character.charCodeAt(index))}`).join(""),
  );
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, "0");
const codePoint = (character: string): string => `U+${hex(character.codePointAt(0) ?? 0)}`;
