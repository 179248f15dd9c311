import { isObject } from "./block-text.ts";
import { renderHandle, type Position } from "./cut-handle.ts";
import { NOTE_META_KEY, type Block, type Item } from "./cut-items.ts";
import { renderSize } from "./describe-block.ts";

/** Items that the note at a page's end names. */
const NAMED = 5;

/** At a page's end: what is left and how to get it. */
export function moreNote(items: readonly Item[], next: Position, id: string): Block {
  const rest = items.slice(next.item).filter((item) => item.kind !== "left-out");
  const named = rest.slice(0, NAMED).map((item, index) => nameItem(item, index === 0 ? next.offset : 0));
  const others = rest.length - named.length;
  const list = others > 0 ? [...named, `${others} more`] : named;
  return noteBlock(
    `[The result is cut here, because it is too long. Nothing is lost; left: ${list.join(", ")}. ` +
      `To go on, call ${call(id, next)}]`,
    {},
  );
}

/** In the place of something that no page can hold. */
export function leftOutNote({ of, what, at }: Item & { kind: "left-out" }, id: string): Block {
  return noteBlock(
    `[${what.text} was left out here, because it is too large: ${renderSize(what.bytes)}. ` +
      `Its JSON, as text in pieces, begins at ${call(id, { item: at, offset: 0 })}]`,
    { of },
  );
}

/** Before a result that is marked as an error only because of its size. */
export const succeededNote = (): Block =>
  noteBlock("[The tool succeeded; do not repeat the call. Its structured content is too large for one answer.]", {});

export const isNote = (block: unknown): boolean =>
  isObject(block) && isObject(block["_meta"]) && Object.hasOwn(block["_meta"], NOTE_META_KEY);

const call = (id: string, position: Position): string => `persona_read_more {"handle":"${renderHandle(id, position)}"}`;

function nameItem(item: Item, offset: number): string {
  if (item.kind === "json") return `the JSON of ${item.what.text}, ${renderSize(item.what.bytes)}`;
  if (offset > 0) return `the rest of ${item.what.text}`;
  return `${item.what.text}, ${renderSize(item.what.bytes)}`;
}

function noteBlock(text: string, about: { of?: string }): Block {
  return { type: "text", text, _meta: { [NOTE_META_KEY]: about } };
}
