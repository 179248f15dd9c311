import { fittingEnd, jsonBytes } from "../primitives/json-bytes.ts";
import type { Position } from "./cut-handle.ts";
import { LEAST_CAP, NOTE_BYTES, pageRoom, planCut, type Divisible, type Item } from "./cut-items.ts";
import { isNote, leftOutNote, moreNote, succeededNote } from "./cut-notes.ts";

/** Longest result that a client gets at once. Bytes of UTF-8 JSON. */
export const RESULT_CAP = 1024 * 1024;

/** `id`: `createId("more")`, under which the whole result is kept. */
export type Cut = { id: string; cap: number };

/** A piece shorter than this, unless it is the last, is not worth its envelope. UTF-16 units. */
const LEAST_PIECE = 256;
/** A page ends at a line's end when there is one this near. UTF-16 units. */
const LINE_REACH = 512;

/**
 * The result itself when it is within the cap; else its first page: a valid result whose text ends at a character,
 * whose other blocks are whole, and whose notes name the handles under which `pageOf` has the rest.
 * With `declaresOutput` (the tool has an output schema) a result that had to lose its structured content is marked
 * `isError`, because clients refuse it otherwise and their model would see nothing at all.
 * The result must come from JSON and must not be nested too deeply.
 */
export function cutResult(
  result: Record<string, unknown>,
  cut: Cut & { declaresOutput: boolean },
): { result: Record<string, unknown>; isCut: boolean } {
  checkCap(cut.cap);
  if (jsonBytes(result) <= cut.cap) return { result, isCut: false };
  const { items, fields, structuredLeftOut } = planCut(result, cut.cap);
  const marked = structuredLeftOut && cut.declaresOutput && fields["isError"] !== true;
  const kept = marked ? { ...fields, isError: true } : fields;
  const head = marked ? [succeededNote()] : [];
  const room = cut.cap - NOTE_BYTES - jsonBytes({ ...kept, content: head }) - 1;
  return {
    result: { ...kept, content: [...head, ...fillPage(items, { item: 0, offset: 0 }, room, cut.id)] },
    isCut: true,
  };
}

/** The page of a cut result that begins at `position`; null when it has no such position. */
export function pageOf(result: Record<string, unknown>, cut: Cut, position: Position): { content: unknown[] } | null {
  checkCap(cut.cap);
  const { items } = planCut(result, cut.cap);
  if (!isWithin(items, position)) return null;
  return { content: fillPage(items, position, pageRoom(cut.cap), cut.id) };
}

function checkCap(cap: number): void {
  if (cap < LEAST_CAP) throw new RangeError("The cap is too small for a page.");
}

function isWithin(items: readonly Item[], { item, offset }: Position): boolean {
  const at = items[item];
  if (at === undefined) return false;
  if (at.kind !== "text" && at.kind !== "json") return offset === 0;
  return offset === 0 || (offset < at.text.length && !isLowHalf(at.text, offset));
}

const isLowHalf = (text: string, at: number): boolean => (text.codePointAt(at - 1) ?? 0) > 0xffff;

function fillPage(items: readonly Item[], from: Position, room: number, id: string): unknown[] {
  const blocks: unknown[] = [];
  let left = room;
  for (let index = from.item; index < items.length; index += 1) {
    const item = items[index];
    if (item === undefined) break;
    const start = index === from.item ? from.offset : 0;
    const next = beginsOwnPage(item, start, blocks) ? null : show(item, start, left - 1, id);
    if (next !== null) {
      blocks.push(next.block);
      left -= jsonBytes(next.block) + 1;
    }
    if (next?.end !== null) return [...blocks, moreNote(items, { item: index, offset: next?.end ?? start }, id)];
  }
  return blocks;
}

/** What was left out does not follow what is worth reading; of structured content the beginning is worth it. */
function beginsOwnPage(item: Item, start: number, before: readonly unknown[]): boolean {
  if (item.kind !== "json" || start > 0 || before.length === 0) return false;
  return item.of.startsWith("content/") || !before.every(isNote);
}

/** As much of an item as `room` bytes hold and where it goes on (`end`; null for nowhere); null for nothing of it. */
function show(item: Item, start: number, room: number, id: string): { block: unknown; end: number | null } | null {
  if (item.kind === "left-out" || item.kind === "whole" || (item.kind === "text" && start === 0)) {
    const block = item.kind === "left-out" ? leftOutNote(item, id) : item.block;
    if (jsonBytes(block) <= room) return { block, end: null };
  }
  return "text" in item ? showPiece(item, start, room) : null;
}

function showPiece(item: Item & Divisible, start: number, room: number): { block: unknown; end: number | null } | null {
  const total = item.text.length;
  const json = item.kind === "json" ? { json: true as const } : {};
  // The longest numbers that the piece can have.
  const frame = jsonBytes(item.place("", { of: item.of, start, end: total, total, ...json }));
  const most = fittingEnd(item.text, start, room - frame);
  if (most < total && most - start < LEAST_PIECE) return null;
  const end = most < total ? lineEnd(item.text, start, most) : most;
  const block = item.place(item.text.slice(start, end), { of: item.of, start, end, total, ...json });
  return { block, end: end < total ? end : null };
}

function lineEnd(text: string, start: number, end: number): number {
  const at = text.lastIndexOf("\n", end - 1) + 1;
  return at > start && at >= end - LINE_REACH ? at : end;
}
