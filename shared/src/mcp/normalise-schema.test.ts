import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientFamily, type ClientFamily } from "./client-family.ts";
import { normaliseOutputSchema, normaliseSchema, normaliseTool } from "./normalise-schema.ts";
import { anyInstance, anySchema } from "./test-support/any-schema.ts";

type Schema = Record<string, unknown>;
const FAMILIES: readonly ClientFamily[] = ["claude", "claude-code", "openai", "google", "many"];
const anyFamily = fc.constantFrom(...FAMILIES);

/** null for a schema that the validator itself refuses. */
function validator(schema: Schema): ((value: unknown) => boolean) | null {
  const { $schema: _schema, ...rest } = schema;
  try {
    const validate = new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(rest);
    // A schema that leads back to itself without an end overflows the validator.
    validate({});
    return (value) => fits(validate, value);
  } catch {
    return null;
  }
}

function fits(validate: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return validate(value);
  } catch {
    return false;
  }
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

test("what fitted fits, by a real validator; twice is once; and the input stays as it was", () => {
  let valid = 0;
  fc.assert(
    fc.property(
      anySchema,
      fc.array(anyInstance, { minLength: 12, maxLength: 12 }),
      anyFamily,
      (schema, instances, family) => {
        const before = JSON.stringify(schema);
        const once = normaliseSchema(frozen(schema), family);
        expect(JSON.stringify(schema)).toBe(before);
        expect(normaliseSchema(once, family)).toEqual(once);
        expect(once["type"]).toBe("object");
        // The validator takes long to compile what references multiplied.
        if (JSON.stringify(once).length > 5_000) return;
        const [was, is] = [validator(schema), validator(once)];
        if (was === null) return;
        if (is === null) throw new Error(`No validator takes ${JSON.stringify(once)}.`);
        for (const instance of [{}, ...instances]) {
          if (!was(instance)) continue;
          valid += 1;
          if (!is(instance)) throw new Error(`${JSON.stringify(instance)} is refused by ${JSON.stringify(once)}.`);
        }
      },
    ),
    { numRuns: 150, interruptAfterTimeLimit: 3_000, endOnFailure: true },
  );
  expect(valid).toBeGreaterThan(10);
});

const tables: { title: string; family: ClientFamily; schema: Schema; becomes: Schema }[] = [
  {
    title: "one of several sets of members",
    family: "claude-code",
    schema: {
      type: "object",
      properties: { id: { type: "string" }, name: { type: "string" } },
      anyOf: [{ required: ["id"] }, { required: ["name"] }],
    },
    becomes: {
      type: "object",
      properties: { id: { type: "string" }, name: { type: "string" } },
      description: "Give one of these sets of members: id; or name.",
    },
  },
  {
    title: "variants told apart by one member",
    family: "openai",
    schema: {
      type: "object",
      oneOf: [
        {
          type: "object",
          properties: { kind: { const: "a" }, x: { type: "string" } },
          required: ["kind", "x"],
          additionalProperties: false,
        },
        {
          type: "object",
          properties: { kind: { const: "b" }, y: { type: "number" } },
          required: ["kind"],
          additionalProperties: false,
        },
      ],
    },
    becomes: {
      type: "object",
      properties: { kind: { enum: ["a", "b"] }, x: { type: "string" }, y: { type: "number" } },
      required: ["kind"],
      additionalProperties: false,
      description: "Give one of these sets of members: kind=a, x; or kind=b.",
    },
  },
  {
    title: "conditions at the top",
    family: "claude",
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { mode: { type: "string" } },
      required: ["mode"],
      allOf: JSON.parse('[{"if":{"properties":{"mode":{"const":"x"}}},"then":{"required":["size"]}}]'),
    },
    becomes: { type: "object", properties: { mode: { type: "string" } }, required: ["mode"] },
  },
  {
    title: "an object or nothing that requires what it does not describe",
    family: "google",
    schema: {
      type: "object",
      properties: { place: { type: ["object", "null"], required: ["town", "street"], properties: { town: {} } } },
    },
    becomes: {
      type: "object",
      properties: {
        place: { anyOf: [{ type: "object", required: ["town"], properties: { town: {} } }, { type: "null" }] },
      },
    },
  },
  {
    title: "a reference among definitions, with a default beside it",
    family: "google",
    schema: {
      $defs: { Kind: { enum: ["aws", "flow"], title: "Kind", type: "string" } },
      type: "object",
      properties: { kind: { $ref: "#/$defs/Kind", default: "aws", description: "Which." } },
    },
    becomes: {
      type: "object",
      properties: {
        kind: { enum: ["aws", "flow"], title: "Kind", type: "string", description: 'Which. Default: "aws".' },
      },
    },
  },
  {
    title: "a reference to another member",
    family: "many",
    schema: {
      type: "object",
      properties: { h: { type: "object" }, list: { type: "array", items: { $ref: "#/properties/h" } } },
    },
    becomes: {
      type: "object",
      properties: { h: { type: "object" }, list: { type: "array", items: { type: "object" } } },
    },
  },
  {
    title: "what function declarations do not know",
    family: "google",
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        n: { type: "integer", exclusiveMinimum: 0 },
        c: { const: "only" },
        o: { type: ["string", "null"], format: "uri" },
        list: { type: "array" },
        level: { enum: [1, 2] },
      },
    },
    becomes: {
      type: "object",
      properties: {
        n: { type: "integer", minimum: 0 },
        c: { type: "string", enum: ["only"] },
        o: { anyOf: [{ type: "string" }, { type: "null" }] },
        list: { type: "array", items: {} },
        level: { description: "One of: 1, 2." },
      },
    },
  },
];

test.each(tables)("$title, for $family", ({ family, schema, becomes }) => {
  expect(normaliseSchema(schema, family)).toEqual(becomes);
});

test("what a client can take is the same object, references among definitions too", () => {
  const schema = {
    type: "object",
    properties: { node: { $ref: "#/$defs/Node" }, to: { oneOf: [{ type: "string" }, { type: "null" }] } },
    $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
    additionalProperties: false,
  };
  for (const family of ["claude", "claude-code", "openai"] as const)
    expect(normaliseSchema(schema, family)).toBe(schema);
  const odd = { anyOf: [{ $ref: "https://elsewhere.example" }], $schema: "http://json-schema.org/draft-07/schema#" };
  expect(normaliseSchema(odd, "lossless")).toBe(odd);
  const tool = {
    name: "t",
    inputSchema: { type: "object" as const, properties: {} },
    outputSchema: { type: "object" },
  };
  for (const family of FAMILIES) expect(normaliseTool(tool, family)).toBe(tool);
});

test("schemas that lead back to themselves, multiply or are very deep come out small and at once", () => {
  const bomb = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `d${index}`,
      { type: "object", properties: { l: { $ref: `#/$defs/d${index + 1}` }, r: { $ref: `#/$defs/d${index + 1}` } } },
    ]),
  );
  const deep: unknown = JSON.parse(`${'{"items":'.repeat(2_000)}{}${"}".repeat(2_000)}`);
  const hostile: Schema[] = [
    { type: "object", properties: { x: { $ref: "#/$defs/d0" } }, $defs: { ...bomb, d40: {} } },
    { type: "object", $ref: "#" },
    { type: "object", anyOf: [{ $ref: "#" }, { $ref: "#/anyOf/1" }] },
    { type: "object", properties: { deep } },
    { type: "object", properties: JSON.parse('{"__proto__":{"type":"array"},"constructor":{"$ref":"#/__proto__"}}') },
  ];
  const started = performance.now();
  for (const schema of hostile) {
    for (const family of FAMILIES) expect(JSON.stringify(normaliseSchema(schema, family)).length).toBeLessThan(100_000);
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("any JSON at all is answered with a schema of an object", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom("type", "properties", "anyOf", "$ref", "$defs", "items", "enum", "required", "x"),
        fc.jsonValue(),
      ),
      anyFamily,
      (schema, family) => {
        const plain: Schema = JSON.parse(JSON.stringify(schema));
        expect(normaliseSchema(plain, family)["type"]).toBe("object");
        normaliseOutputSchema(plain, family);
      },
    ),
    { numRuns: 300 },
  );
});

test("a schema over 16 KiB is shortened for Claude's connectors: words first, then depth, names last", () => {
  const member = {
    type: "object",
    description: "d".repeat(300),
    properties: { inner: { type: "string", description: "e".repeat(300) } },
  };
  const many = (count: number): Schema => ({
    type: "object",
    properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`member${index}`, member])),
    required: ["member0"],
  });
  for (const count of [30, 100, 300]) {
    const shrunk = normaliseSchema(many(count), "claude");
    expect(JSON.stringify(shrunk).length).toBeLessThanOrEqual(16_384);
    expect(normaliseSchema(shrunk, "claude")).toEqual(shrunk);
  }
  expect(JSON.stringify(normaliseSchema(many(30), "claude"))).toContain('"inner":{"type":"string"');
  expect(Object.keys(Object(normaliseSchema(many(300), "claude")["properties"]))).toHaveLength(300);
  const large = many(300);
  expect(normaliseSchema(large, "claude-code")).toBe(large);
  for (const family of FAMILIES) expect(normaliseSchema(many(900), family)).toEqual({ type: "object" });
});

test("an output schema with alternatives at its top goes for those who hang on it, and the dialect always", () => {
  const union = { anyOf: [{ type: "object" }, { type: "null" }] };
  expect(normaliseOutputSchema(union, "claude")).toBeUndefined();
  expect(normaliseOutputSchema(union, "lossless")).toBe(union);
  expect(
    normaliseOutputSchema({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" }, "claude"),
  ).toEqual({ type: "object" });
  const tool = { name: "t", inputSchema: { type: "object" as const }, outputSchema: union };
  expect(normaliseTool(tool, "claude")).toEqual({ name: "t", inputSchema: { type: "object" } });
});

test("clients are known by the names they give themselves, and all others get everything", () => {
  const names: [string, ClientFamily][] = [
    ["claude-ai 0.1.0", "claude"],
    ["claude-code 2.1.328", "claude-code"],
    ["ChatGPT", "openai"],
    ["codex-mcp-client 0.169.0", "openai"],
    ["gemini-cli-mcp-client 0.0.1", "google"],
    ["cursor-vscode 1.0.0", "many"],
    ["Visual Studio Code 1.139.1", "many"],
    ["Zed", "many"],
    ["zedboard", "lossless"],
    ["mcp-inspector 2.12.0", "lossless"],
    ["unknown", "lossless"],
  ];
  for (const [name, family] of names) expect(clientFamily(name), name).toBe(family);
});

const node = { type: "object", properties: { a: { $ref: "#/$defs/B" }, b: { type: "string" } }, required: ["b"] };
const narrow: { title: string; schema: Schema; fits: unknown[] }[] = [
  {
    title: "either set of members",
    schema: {
      type: "object",
      anyOf: [{ required: ["a"] }, { properties: { b: { type: "string" } }, required: ["b"] }],
    },
    fits: [{ a: 1 }, { b: "x" }, { a: 1, b: 7 }],
  },
  {
    title: "not what would be wider",
    schema: { type: "object", properties: { p: { not: { $ref: "#/$defs/B" } } }, $defs: { B: node } },
    fits: [{ p: { b: "x", a: {} } }, { p: 1 }],
  },
  {
    title: "one of what would both fit",
    schema: {
      type: "object",
      properties: {
        p: {
          oneOf: [
            { type: "number", exclusiveMinimum: 0 },
            { type: "number", maximum: 0 },
          ],
        },
      },
    },
    fits: [{ p: 0 }, { p: 1 }],
  },
  {
    title: "one of two that lead back to themselves",
    schema: {
      type: "object",
      properties: { p: { oneOf: [{ $ref: "#/$defs/B" }, { type: "object", required: ["c"] }] } },
      $defs: { B: node },
    },
    fits: [{ p: { b: "x", a: {}, c: 1 } }, { p: { b: "x" } }],
  },
];

test.each(narrow)("$title stays as wide as it was", ({ schema, fits: instances }) => {
  for (const family of FAMILIES) {
    const [was, is] = [validator(schema), validator(normaliseSchema(schema, family))];
    for (const instance of instances) expect([family, was?.(instance), is?.(instance)]).toEqual([family, true, true]);
  }
});
