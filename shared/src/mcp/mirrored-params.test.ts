import { expect, test } from "vitest";
import { marksAreValid, mirroredParams, withoutMirroring } from "./mirrored-params.ts";

const schema = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  ({ type: "object", properties, ...more }) as const;
const region = { type: "string", "x-mcp-header": "Region" };

test("finds marked arguments at any depth of properties", () => {
  const nested = schema({ region, where: schema({ zone: { type: "integer", "x-mcp-header": "Zone" } }) });
  expect(mirroredParams(nested)).toEqual([
    { path: ["region"], header: "Region", type: "string" },
    { path: ["where", "zone"], header: "Zone", type: "integer" },
  ]);
  expect(mirroredParams(schema({ region: { type: "string" } }))).toEqual([]);
});

test("believes none of the marks when one of them is not allowed", () => {
  const wrong: Record<string, unknown>[] = [
    { region, list: { type: "array", items: { type: "string", "x-mcp-header": "Item" } } },
    { region, again: { type: "string", "x-mcp-header": "region" } },
    { region, number: { type: "number", "x-mcp-header": "Number" } },
    { region, spaced: { type: "string", "x-mcp-header": "a b" } },
    { region, empty: { type: "string", "x-mcp-header": "" } },
    { region, broken: { type: "string", "x-mcp-header": "a\r\nb" } },
    { region, untyped: { "x-mcp-header": "Untyped" } },
  ];
  for (const properties of wrong) expect(mirroredParams(schema(properties))).toEqual([]);
  expect(mirroredParams(schema({ region }, { "x-mcp-header": "Root" }))).toEqual([]);
  expect(mirroredParams(schema({ region }, { $defs: { a: region } }))).toEqual([]);
});

test("a schema without marks is as valid as one with allowed ones", () => {
  expect(marksAreValid(schema({ region: { type: "string" } }))).toBe(true);
  expect(marksAreValid(schema({ region }))).toBe(true);
  expect(marksAreValid(schema({ region, list: { type: "array", items: region } }))).toBe(false);
});

test("takes every mark away and nothing else", () => {
  const marked = schema({ region }, { allOf: [{ properties: { region } }], title: "kept" });
  expect(withoutMirroring(marked)).toEqual(
    schema({ region: { type: "string" } }, { allOf: [{ properties: { region: { type: "string" } } }], title: "kept" }),
  );
});
