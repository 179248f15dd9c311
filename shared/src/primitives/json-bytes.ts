/** Length of a value as UTF-8 JSON. Bytes; 0 for what has no JSON form. */
export function jsonBytes(value: unknown): number {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? 0 : new TextEncoder().encode(text).length;
}

/**
 * The end of the longest piece of `text` from `start` that takes at most `room` bytes inside a JSON string.
 * Never between the halves of a surrogate pair.
 */
export function fittingEnd(text: string, start: number, room: number): number {
  let left = room;
  let end = start;
  while (end < text.length) {
    const code = text.codePointAt(end) ?? 0;
    left -= bytesInJson(code);
    if (left < 0) return end;
    end += code > 0xffff ? 2 : 1;
  }
  return end;
}

const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x22, 0x5c]);

function bytesInJson(code: number): number {
  if (SHORT_ESCAPES.has(code)) return 2;
  // Other control characters and lone surrogates are written as \uXXXX.
  if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return 6;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code > 0xffff ? 4 : 3;
}
