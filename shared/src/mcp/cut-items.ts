import { jsonBytes } from "../primitives/json-bytes.ts";
import { isObject, placeText, textOf } from "./block-text.ts";
import { describeBlock, type Described } from "./describe-block.ts";

/**
 * What a result consists of, in the order in which pages show it:
 * - `text`: a block whose text may be shown in pieces
 * - `whole`: a block that is shown whole or not at all
 * - `left-out`: stands for something too large for any page; `at` is the item that has it
 * - `json`: what was left out, as JSON text in pieces; always after everything else
 */
export type Item =
  | (Divisible & { kind: "text"; block: Block })
  | (Divisible & { kind: "json" })
  | { kind: "whole"; what: Described; block: unknown }
  | { kind: "left-out"; of: string; what: Described; at: number };

/** `place` makes the block of a piece. */
export type Divisible = { of: string; what: Described; text: string; place: (piece: string, meta: PieceMeta) => Block };

export type Block = Record<string, unknown>;
/** Under `PIECE_META_KEY` of a piece. Offsets in UTF-16 units; `json` when the text is JSON of what `of` names. */
export type PieceMeta = { of: string; start: number; end: number; total: number; json?: true };

export const PIECE_META_KEY = "agent-personas/piece";
export const NOTE_META_KEY = "agent-personas/note";

export type CutPlan = {
  items: Item[];
  /** Members of the result beside its content that the first page has. */
  fields: Record<string, unknown>;
  structuredLeftOut: boolean;
};

/** Room for the note at a page's end. Bytes. */
export const NOTE_BYTES = 1_536;
/** Smallest cap with which every page still brings something. Bytes. */
export const LEAST_CAP = 8 * 1024;

/** The same plan each time for the same result and cap, so that pages can be made on their own. */
export function planCut(result: Record<string, unknown>, cap: number): CutPlan {
  const { fields, leftOut } = keepFields(result, cap);
  const blocks = (Array.isArray(result["content"]) ? result["content"] : []).map((block: unknown, index) =>
    toItem(block, `content/${index}`, cap),
  );
  const tooLarge = blocks.filter((item) => "value" in item);
  const first = leftOut.length + blocks.length;
  const at = new Map([...leftOut, ...tooLarge].map((part, index) => [part, first + index]));
  const note = (part: LeftOut): Item => ({ kind: "left-out", of: part.of, what: part.what, at: at.get(part) ?? first });
  return {
    items: [
      ...leftOut.map(note),
      ...blocks.map((item) => ("value" in item ? note(item) : item)),
      ...[...at.keys()].map(jsonItem),
    ],
    fields,
    structuredLeftOut: leftOut.some(({ of }) => of === "structuredContent"),
  };
}

type LeftOut = { of: string; what: Described; value: unknown };

const jsonItem = ({ of, what, value }: LeftOut): Item => ({
  kind: "json",
  of,
  what,
  text: JSON.stringify(value),
  place: (text, meta) => ({ type: "text", text, _meta: { [PIECE_META_KEY]: meta } }),
});

/** Bytes that blocks may take on a page that is nothing but content. */
export const pageRoom = (cap: number): number => cap - NOTE_BYTES - jsonBytes({ content: [] });

function toItem(block: unknown, of: string, cap: number): Item | LeftOut {
  const what = describeBlock(block, of);
  const text = textOf(block);
  if (text !== null && isObject(block) && jsonBytes(placeText(block, "")) <= cap / 4 && !claimsPiece(block)) {
    const place = (piece: string, meta: PieceMeta): Block => {
      const own = isObject(block["_meta"]) ? block["_meta"] : {};
      return { ...placeText(block, piece), _meta: { ...own, [PIECE_META_KEY]: meta } };
    };
    return { kind: "text", of, what, block, text, place };
  }
  // A comma comes before each block.
  return what.bytes + 1 <= pageRoom(cap) ? { kind: "whole", what, block } : { of, what, value: block };
}

/** Our own mark would replace the app's. */
const claimsPiece = (block: Block): boolean =>
  block["_meta"] !== undefined && (!isObject(block["_meta"]) || Object.hasOwn(block["_meta"], PIECE_META_KEY));

/**
 * Structured content first: a client that validates it refuses the whole result without it, while its text is often
 * the same once more.
 */
function keepFields(result: Record<string, unknown>, cap: number) {
  const { content, structuredContent, ...others } = result;
  const fields: [string, unknown][] = [];
  // A `content` that is no list cannot stay in its place.
  const over: [string, unknown][] = content === undefined || Array.isArray(content) ? [] : [["content", content]];
  let used = 0;
  for (const [name, value] of Object.entries(others)) {
    const bytes = memberBytes(name, value);
    if (value === undefined) continue;
    if (used + bytes > cap / 4) over.push([name, value]);
    else {
      fields.push([name, value]);
      used += bytes;
    }
  }
  const leftOut: LeftOut[] = [];
  if (over.length > 0) leftOut.push(membersLeftOut("members", `${over.length} members of the result`, over));
  if (structuredContent !== undefined) {
    const member: [string, unknown] = ["structuredContent", structuredContent];
    // Besides it, the page holds at least its notes.
    if (used + memberBytes(...member) <= pageRoom(cap) - NOTE_BYTES) fields.push(member);
    else leftOut.push(membersLeftOut("structuredContent", "the structured content", [member]));
  }
  return { fields: Object.fromEntries(fields), leftOut };
}

/** With quotes, colon and comma. */
const memberBytes = (name: string, value: unknown): number => jsonBytes(name) + jsonBytes(value) + 2;

function membersLeftOut(of: string, text: string, members: [string, unknown][]): LeftOut {
  const value = Object.fromEntries(members);
  return { of, what: { text, bytes: jsonBytes(value) }, value };
}
