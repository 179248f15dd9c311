/** Where a page begins: an item of the result and, within its text, a UTF-16 offset. */
export type Position = { item: number; offset: number };

const HANDLE = /^(more_[0-9a-z]{9}[0-9A-Za-z]{22})\.(\d{1,7})\.(\d{1,8})$/u;

/**
 * The text that `persona_read_more` takes: the id of the kept result (`createId("more")`) and a position. It names a
 * place, not a turn: reading it again gives the same page, so a lost answer costs nothing.
 */
export const renderHandle = (id: string, { item, offset }: Position): string => `${id}.${item}.${offset}`;

/** null for any text that `renderHandle` did not make. */
export function parseHandle(handle: string): { id: string; position: Position } | null {
  const [, id, item, offset] = HANDLE.exec(handle) ?? [];
  if (id === undefined) return null;
  return { id, position: { item: Number(item), offset: Number(offset) } };
}
