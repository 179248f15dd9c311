import { escapeHidden } from "../../lib/hidden-characters.ts";

/** A text cut where it starts and stops differing from another: what is between is what changed. */
export type Span = { start: string; changed: string; end: string };

/** Cuts two texts around what differs, at word boundaries, in linear time. */
export function changedSpans(before: string, after: string): { before: Span; after: Span } {
  const old = wordsOf(before);
  const now = wordsOf(after);
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const cut = (words: string[]): Span => ({
    start: words.slice(0, head).join(""),
    changed: words.slice(head, words.length - tail).join(""),
    end: words.slice(words.length - tail).join(""),
  });
  return { before: cut(old), after: cut(now) };
}

/** A tool, resource, template or prompt as its app defines it. */
export type Definition = Readonly<Record<string, unknown>>;

const FIELDS = [
  "title",
  "name",
  "description",
  "mimeType",
  "arguments",
  "inputSchema",
  "outputSchema",
  "annotations",
] as const;
export type DefinitionField = (typeof FIELDS)[number];

/** The pinned parts of a definition that differ, as text. */
export function changedFields(before: Definition, after: Definition) {
  return FIELDS.map((field) => ({ field, before: textOf(before[field]), after: textOf(after[field]) })).filter(
    (change) => change.before !== change.after,
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : escapeHidden(JSON.stringify(value, null, 2));
}

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/gu) ?? [];
