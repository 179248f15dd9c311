export type HeaderRow = { name: string; value: string };

export type HeaderProblem = "empty" | "name" | "value" | "repeated";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/u;
/** Visible ASCII, space and tab inside; what a browser lets a header carry safely. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]{1,8000}$/u;

/** What keeps the rows from being saved; null when nothing does. Rows left wholly empty do not count. */
export function headerProblem(rows: readonly HeaderRow[]): HeaderProblem | null {
  const filled = rows.filter((row) => row.name.trim() !== "" || row.value !== "");
  if (filled.length === 0) return "empty";
  if (filled.some((row) => !NAME.test(row.name.trim()))) return "name";
  if (filled.some((row) => !VALUE.test(row.value.trim()))) return "value";
  const names = new Set(filled.map((row) => row.name.trim().toLowerCase()));
  return names.size < filled.length ? "repeated" : null;
}

export const headersOf = (rows: readonly HeaderRow[]): Record<string, string> =>
  Object.fromEntries(rows.filter((row) => row.name.trim() !== "").map((row) => [row.name.trim(), row.value.trim()]));
