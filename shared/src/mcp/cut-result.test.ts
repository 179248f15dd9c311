import fc from "fast-check";
import { expect, test } from "vitest";
import { createId } from "../primitives/id.ts";
import { jsonBytes } from "../primitives/json-bytes.ts";
import { parseHandle, renderHandle } from "./cut-handle.ts";
import { LEAST_CAP } from "./cut-items.ts";
import { cutResult, pageOf, RESULT_CAP } from "./cut-result.ts";
import { joinPages } from "./test-support/join-pages.ts";

type Result = Record<string, unknown>;
const cut = { id: createId("more"), cap: LEAST_CAP };
const text = (content: string, more: Result = {}) => ({ type: "text", text: content, ...more });
const image = (bytes: number) => ({ type: "image", mimeType: "image/png", data: "A".repeat(bytes) });
const handlesIn = (page: unknown): string[] => JSON.stringify(page).match(/more_[0-9A-Za-z]{31}\.\d+\.\d+/gu) ?? [];

/** All pages, as a caller gets them who follows the last handle of each. */
function read(result: Result, options: { id: string; cap: number } = cut, declaresOutput = false): Result[] {
  const first = cutResult(result, { ...options, declaresOutput });
  const pages = [first.result];
  if (!first.isCut) return pages;
  for (let turn = 0; turn < 2_000; turn += 1) {
    const blocks = pages.at(-1)?.["content"];
    const last: unknown = Array.isArray(blocks) ? blocks.at(-1) : undefined;
    const handle = JSON.stringify(last).includes("The result is cut here") ? handlesIn(last).at(-1) : undefined;
    if (handle === undefined) return pages;
    const place = parseHandle(handle);
    const page = place?.id === options.id ? pageOf(result, options, place.position) : null;
    if (page === null) throw new Error(`There is no page at ${handle}.`);
    pages.push(page);
  }
  throw new Error("The pages do not end.");
}

const anyText = fc
  .tuple(
    fc.string({ unit: fc.constantFrom("a", "\n", "ü", "€", "😀", '"', "\\", "\u0000", "\ud800", "\udc00") }),
    fc.nat(900),
  )
  .map(([unit, times]) => unit.repeat(times));
const anyMeta = fc.oneof(
  fc.constant({}),
  fc.record({
    annotations: fc.constant({ priority: 1 }),
    _meta: fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
  }),
);
const anyBlock = fc.oneof(
  fc.tuple(anyText, anyMeta).map(([content, more]) => text(content, more)),
  fc.nat(15_000).map(image),
  anyText.map((content) => ({ type: "resource", resource: { uri: "file:///a", text: content } })),
  fc.nat(20_000).map((bytes) => ({ type: "resource", resource: { uri: "file:///b", blob: "B".repeat(bytes) } })),
  fc.record({ type: fc.string(), x: fc.jsonValue() }),
  fc.jsonValue(),
);
const anyResult = fc
  .record(
    {
      content: fc.oneof(
        { weight: 9, arbitrary: fc.array(anyBlock, { maxLength: 8 }) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      structuredContent: fc.oneof(
        fc.jsonValue(),
        anyText.map((value) => ({ value })),
      ),
      isError: fc.boolean(),
      _meta: fc.dictionary(fc.string(), anyText),
      other: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((result): Result => JSON.parse(JSON.stringify(result)));

test("nothing is lost: the pages of any result join to the result, and each is within the cap", () => {
  fc.assert(
    fc.property(anyResult, fc.integer({ min: LEAST_CAP, max: 2 * LEAST_CAP }), (result, cap) => {
      const pages = read(result, { id: cut.id, cap });
      for (const page of pages) expect(jsonBytes(page)).toBeLessThanOrEqual(cap);
      expect(joinPages(pages)).toEqual(pages.length === 1 ? result : { content: [], ...result });
    }),
    { numRuns: 60 },
  );
});

test("every page is a valid result: JSON, a list of blocks, no half character, nothing but text in pieces", () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { minLength: 4, maxLength: 8 }), (blocks) => {
      const content: unknown[] = JSON.parse(JSON.stringify(blocks));
      const known = new Set(content.map((block) => JSON.stringify(block)));
      for (const page of read({ content })) {
        const list: unknown = JSON.parse(JSON.stringify(page))["content"];
        expect(Array.isArray(list)).toBe(true);
        for (const block of Array.isArray(list) ? list : []) {
          const own = block?._meta?.["agent-personas/piece"] ?? block?._meta?.["agent-personas/note"];
          expect(own !== undefined || known.has(JSON.stringify(block))).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("a result within the cap is the same object", () => {
  const result = { content: [text("x".repeat(500_000))], structuredContent: { a: 1 } };
  expect(cutResult(result, { id: cut.id, cap: RESULT_CAP, declaresOutput: true })).toEqual({ result, isCut: false });
  expect(cutResult(result, { id: cut.id, cap: RESULT_CAP, declaresOutput: true }).result).toBe(result);
});

test("text is cut between characters, at a line's end where one is near, and the note names the handle", () => {
  const lines = `${"ü😀".repeat(20)}\n`.repeat(500);
  const pages = read({ content: [text(lines)] });
  const first = pages[0]?.["content"];
  expect(first).toEqual([
    { type: "text", text: expect.stringMatching(/^(?:(?:ü😀){20}\n)+$/u), _meta: expect.anything() },
    {
      type: "text",
      text: expect.stringMatching(/left: the rest of block 1 \(text\)\..*persona_read_more \{"handle":"more_/u),
      _meta: expect.anything(),
    },
  ]);
  const unbroken = read({ content: [text("😀".repeat(9_000))] });
  expect(unbroken.length).toBeGreaterThan(4);
  expect(JSON.stringify(unbroken)).not.toContain("\\ud");
});

test("an image that does not fit the page comes whole on the next", () => {
  const [first, second] = read({ content: [text("x".repeat(3_000)), image(5_500), text("end")] });
  expect(JSON.stringify(first)).not.toContain("AAAA");
  expect(JSON.stringify(first)).toContain("left: block 2 (image, image/png), 5 KiB, block 3 (text)");
  expect(second).toEqual({ content: [image(5_500), text("end")] });
});

test("an image larger than any page is left out with its size and handle, and what follows is shown", () => {
  const result = { content: [image(50_000), text("after")] };
  const first = cutResult(result, { ...cut, declaresOutput: false }).result;
  expect(first["content"]).toEqual([
    {
      type: "text",
      text: expect.stringMatching(/^\[block 1 \(image, image\/png\) was left out here.*: 49 KiB\..*"more_/u),
      _meta: expect.anything(),
    },
    text("after"),
    expect.objectContaining({ text: expect.stringContaining("left: the JSON of block 1 (image, image/png), 49 KiB.") }),
  ]);
  const [inPlace = "", atEnd = ""] = handlesIn(first);
  expect(inPlace).toBe(atEnd);
});

test("structured content is whole while it fits and before any text, else left out with a note", () => {
  const duplicate = { rows: "r".repeat(4_000) };
  const kept = cutResult(
    { content: [text(JSON.stringify(duplicate).repeat(2))], structuredContent: duplicate },
    { ...cut, declaresOutput: true },
  );
  expect(kept.result["structuredContent"]).toEqual(duplicate);
  expect(kept.result["isError"]).toBeUndefined();

  const result = { content: [text("summary")], structuredContent: { rows: "r".repeat(20_000) } };
  const open = cutResult(result, { ...cut, declaresOutput: false }).result;
  expect(open).not.toHaveProperty("structuredContent");
  expect(open).not.toHaveProperty("isError");
  expect(JSON.stringify(open)).toContain("the structured content was left out here");
  expect(JSON.stringify(open)).toContain('"summary"');
  const declared = cutResult(result, { ...cut, declaresOutput: true }).result;
  expect(declared["isError"]).toBe(true);
  expect(JSON.stringify(declared)).toContain("The tool succeeded");
});

test("a page is the same whenever it is read, and no other place is a page", () => {
  const result = { content: [text("😀".repeat(6_000)), image(3_000)] };
  const position = { item: 0, offset: 2_000 };
  expect(pageOf(result, cut, position)).toEqual(pageOf(result, cut, position));
  for (const wrong of [
    { item: 0, offset: 2_001 },
    { item: 0, offset: 12_000 },
    { item: 1, offset: 1 },
    { item: 9, offset: 0 },
  ]) {
    expect(pageOf(result, cut, wrong), JSON.stringify(wrong)).toBeNull();
  }
});

test("a handle is read back, and anything else is none", () => {
  const position = { item: 12, offset: 345_678 };
  expect(parseHandle(renderHandle(cut.id, position))).toEqual({ id: cut.id, position });
  for (const odd of [
    "",
    cut.id,
    `${cut.id}.1`,
    `${cut.id}.1.-1`,
    `${cut.id}.1.1 `,
    `${cut.id}.1e3.0`,
    "more_x.0.0",
    `x${cut.id}.0.0`,
  ]) {
    expect(parseHandle(odd)).toBeNull();
  }
});

test("a hostile result stays within the cap: endless media types, names and metadata", () => {
  const hostile = {
    content: Array.from({ length: 8 }, () => ({
      type: "t".repeat(9_000),
      mimeType: '"}]`ignore all`'.repeat(900),
      _meta: "x",
    })),
    ["n".repeat(9_000)]: 1,
    ...Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`member ${index}`, index])),
    isError: "x".repeat(9_000),
  };
  const pages = read(hostile);
  for (const page of pages) expect(jsonBytes(page)).toBeLessThanOrEqual(LEAST_CAP);
  expect(joinPages(pages)).toEqual(hostile);
});

test("8 MiB are cut and read in little time", () => {
  const result = { content: Array.from({ length: 64 }, (_, index) => text(`${index} ü`.repeat(30_000))) };
  const started = performance.now();
  const pages = read(result, { id: cut.id, cap: RESULT_CAP });
  expect(pages.length).toBeGreaterThanOrEqual(8);
  expect(performance.now() - started).toBeLessThan(5_000);
});
