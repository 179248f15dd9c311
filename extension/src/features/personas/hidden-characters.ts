/** Controls but tab and newline, soft hyphen, bidi and zero-width marks, tags, variation selectors, odd blanks. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex -- finding control characters is the point
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0E\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]|[\u{F0000}-\u{10FFFD}]/gu;

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

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
