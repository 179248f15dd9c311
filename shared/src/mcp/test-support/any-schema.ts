import fc from "fast-check";

type Schema = Record<string, unknown>;

const NAMES = ["a", "b", "kind", "$ref"] as const;
const anyName = fc.constantFrom(...NAMES);
const anyValue = fc.constantFrom<unknown>("x", "y", "long text", 0, 1, 7, 1.5, true, null);
const anyType = fc.constantFrom("string", "integer", "number", "boolean", "null", "array", "object");

/** Values of the kinds that `anySchema` speaks of, so that many of them are valid. */
export const anyInstance: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; object: Schema }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyValue,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(anyName, tie("value"), { maxKeys: 4 }),
})).object;

const member = (name: string, value: fc.Arbitrary<unknown>) => value.map((each) => [name, each] as const);

const anyRef = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("#/$defs/A", "#/$defs/B", "#") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("#/$defs/missing", "#/properties/a", "#/anyOf/0", "https://elsewhere.example/s"),
  },
);

/** Schemas of 2020-12 with whatever our clients stumble over: unions, references, cycles, negations, tuples. */
export const anySchema: fc.Arbitrary<Schema> = fc
  .letrec<{ schema: unknown; leaf: Schema; node: Schema }>((tie) => ({
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: tie("leaf") },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 6, arbitrary: tie("node") },
    ),
    leaf: fc.oneof(
      anyType.map((type) => ({ type })),
      fc.uniqueArray(anyType, { minLength: 1, maxLength: 3 }).map((type) => ({ type })),
      fc.array(anyValue, { minLength: 1, maxLength: 3 }).map((list) => ({ enum: list })),
      anyValue.map((value) => ({ const: value })),
      fc.record({ type: fc.constant("number"), exclusiveMinimum: fc.nat(3), maximum: fc.nat(9) }),
      fc.record({ type: fc.constant("string"), minLength: fc.nat(2), format: fc.constant("uri"), default: anyValue }),
      anyRef.map(($ref) => ({ $ref })),
      fc.record(
        { $ref: anyRef, description: fc.constant("beside"), minProperties: fc.nat(2) },
        { requiredKeys: ["$ref"] },
      ),
      fc.constant({}),
    ),
    node: fc
      .array(
        fc.oneof(
          member("type", fc.oneof(anyType, fc.constantFrom(["object", "null"], ["array", "string"]))),
          ...["properties", "properties", "properties", "dependentSchemas"].map((name) =>
            member(name, fc.dictionary(anyName, tie("schema"), { maxKeys: 3 })),
          ),
          member("patternProperties", fc.dictionary(fc.constantFrom("^a", "k", "("), tie("schema"), { maxKeys: 1 })),
          member("required", fc.uniqueArray(anyName, { maxLength: 2 })),
          member("maxContains", fc.nat(2)),
          member("description", fc.constant("words")),
          ...["unevaluatedProperties", "unevaluatedItems"].map((name) => member(name, fc.boolean())),
          ...["additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else"].map((name) =>
            member(name, tie("schema")),
          ),
          ...["prefixItems", "anyOf", "anyOf", "oneOf", "oneOf", "allOf"].map((name) =>
            member(name, fc.array(tie("schema"), { minLength: 1, maxLength: 3 })),
          ),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((members): Schema => Object.fromEntries(members)),
  }))
  .node.chain((node) =>
    fc.constantFrom<unknown>({ type: "string" }, { type: "array" }, { $ref: "#/$defs/B" }).map((a) => ({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...node,
      type: "object",
      $defs: {
        A: a,
        B: { type: "object", properties: { a: { $ref: "#/$defs/B" }, b: { type: "array" } }, required: ["b"] },
      },
    })),
  );
