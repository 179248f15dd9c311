import { expect, test } from "vitest";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { publishTools } from "./publish-tools.ts";

const PRICE = { minCents: 2, maxCents: 2, unit: "call", note: "" };
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object" as const,
  anyOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "number" } } }],
};
const version = testVersion("device", {
  tools: [
    testTool("union", "write", {
      price: PRICE,
      definition: { name: "union", inputSchema: schema, vendor: { kept: 1 } },
    }),
    testTool("plain", "read"),
  ],
});

test("a family that cannot read a schema gets one that it can, with price, names and unknown members kept", () => {
  const { tools, toolsFor } = publishTools(version);
  expect(toolsFor("lossless")).toBe(tools);
  expect(tools.map(({ name }) => name)).toEqual(["Echo_plain", "Echo_union"]);
  expect(tools[1]?.inputSchema).toEqual(schema);
  for (const family of ["claude", "claude-code", "openai", "google", "many"] as const) {
    const [plain, union] = toolsFor(family);
    expect(plain).toEqual({ ...tools[0], annotations: { readOnlyHint: true, destructiveHint: false } });
    expect(union?.inputSchema).not.toHaveProperty("anyOf");
    expect(union?.inputSchema).not.toHaveProperty("$schema");
    expect(union).toMatchObject({
      name: "Echo_union",
      description: "Price: 2 US cents per call.",
      vendor: { kept: 1 },
      annotations: { readOnlyHint: false, destructiveHint: false },
    });
  }
});

test("what a family needs is made once, and not before somebody asks", () => {
  const { toolsFor, find } = publishTools(version);
  expect(toolsFor("claude")).toBe(toolsFor("claude"));
  expect(toolsFor("claude")).not.toBe(toolsFor("google"));
  expect(find("echo plain")[0]).toBe("Echo_plain");
});

test("the owner's word on a tool's risk is what clients are told", () => {
  const stated = testTool("wipe", "destructive", {
    definition: {
      name: "wipe",
      inputSchema: { type: "object" },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
  });
  const { tools, toolsFor } = publishTools(testVersion("device", { tools: [stated] }));
  expect(tools[0]?.annotations).toEqual({ readOnlyHint: true, openWorldHint: true });
  expect(toolsFor("openai")[0]?.annotations).toEqual({
    readOnlyHint: false,
    destructiveHint: true,
    openWorldHint: true,
  });
});
