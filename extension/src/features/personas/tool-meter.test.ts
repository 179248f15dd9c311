import { expect, test } from "vitest";
import { measureTools, sizeOfTool } from "./tool-meter.ts";

const size = { characters: 36, schemaBytes: 30 };
const tools = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ exposedName: `t${index % 10}__`, size }));

test("estimates one token for each four characters of name, description and schema", () => {
  expect(sizeOfTool({ name: "x", description: "abc", inputSchema: { type: "object" } })).toEqual({
    characters: 3 + '{"type":"object"}'.length,
    schemaBytes: 17,
  });
  expect(measureTools(tools(3))).toEqual({ count: 3, tokens: 30, warnings: [] });
});

test("warns above 15, 40, 80, 100, 128 and 256 tools and names the clients each breaks", () => {
  const limits = (count: number) =>
    measureTools(tools(count)).warnings.map((warning) => (warning.kind === "count" ? warning.limit : "schema"));
  expect(limits(15)).toEqual([]);
  expect(limits(16)).toEqual([15]);
  expect(limits(41)).toEqual([15, 40]);
  expect(limits(129)).toEqual([15, 40, 80, 100, 128]);
  expect(limits(257)).toEqual([15, 40, 80, 100, 128, 256]);
  const last = measureTools(tools(257)).warnings.at(-1);
  expect(last?.clients).toEqual(["Claude.ai", "Claude Desktop"]);
});

test("warns of a schema above 16 KiB, counted in bytes", () => {
  const wide = sizeOfTool({ name: "x", inputSchema: { type: "object", title: "ü".repeat(8_200) } });
  expect(measureTools([{ exposedName: "Wide", size: wide }]).warnings).toEqual([
    { kind: "schema", exposedName: "Wide", bytes: wide.schemaBytes, clients: ["Claude.ai", "Claude Desktop"] },
  ]);
  const narrow = sizeOfTool({ name: "x", inputSchema: { type: "object", title: "u".repeat(8_200) } });
  expect(measureTools([{ exposedName: "Narrow", size: narrow }]).warnings).toEqual([]);
});
