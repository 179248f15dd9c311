import { expect, test } from "vitest";
import { pinTool } from "./tool-definition.ts";

const definition = {
  name: "echo",
  description: "Says it again.",
  inputSchema: { type: "object" as const, properties: { a: {}, b: {} } },
};

test("the pin does not depend on the order of members", async () => {
  const reordered = {
    inputSchema: { properties: { b: {}, a: {} }, type: "object" as const },
    description: "Says it again.",
    name: "echo",
  };
  expect(await pinTool(reordered)).toBe(await pinTool(definition));
});

test.each([
  ["description", { description: "Says it twice." }],
  ["title", { title: "Echo" }],
  ["input schema", { inputSchema: { type: "object" as const, properties: { a: {} } } }],
  ["output schema", { outputSchema: { type: "object" } }],
  ["annotations", { annotations: { readOnlyHint: true } }],
])("a changed %s changes the pin", async (_, change) => {
  expect(await pinTool({ ...definition, ...change })).not.toBe(await pinTool(definition));
});

test("members that nobody approves do not change the pin", async () => {
  expect(await pinTool({ ...definition, _meta: { version: 2 }, icons: [] })).toBe(await pinTool(definition));
});
