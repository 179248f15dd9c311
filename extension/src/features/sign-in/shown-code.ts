/** Eight characters as people read and type them: `ABCD-EFGH`, whichever way the relay wrote them. */
export function shownCode(code: string): string {
  const plain = code.replaceAll(/[^0-9a-z]/giu, "").toUpperCase();
  return plain.length === 8 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : code;
}
