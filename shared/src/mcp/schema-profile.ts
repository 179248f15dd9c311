import type { ClientFamily } from "./client-family.ts";

/** What a family of clients cannot take in a tool's schema. */
export type SchemaProfile = {
  /** Not at the top of a schema, where the type must be "object". */
  topForbidden: ReadonlySet<string>;
  /** Nowhere in a schema. */
  forbidden: ReadonlySet<string>;
  /** Whether `$ref` is replaced with what it names. */
  inlineRefs: boolean;
  /** The small dialect of function declarations: one type, text enums, unions only as `anyOf`. */
  small: boolean;
  /** Whether an array must say what its items are. */
  arrayItems: boolean;
  /** Schemas inside schemas. */
  maxDepth: number;
  /** Largest input schema. Bytes of UTF-8 JSON; null for no limit. */
  maxBytes: number | null;
  /** Whether an output schema that is not plainly an object's is left away. */
  plainOutput: boolean;
};

const UNIONS = ["anyOf", "oneOf", "allOf", "$ref", "if", "then", "else"];
const TOP: ReadonlySet<string> = new Set([...UNIONS, "enum", "const", "not"]);
const DIALECT = ["$schema", "$vocabulary", "$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$recursiveAnchor"];
/** What function declarations do not know. */
const NOT_IN_DECLARATIONS = (
  "$id id $anchor $comment examples deprecated readOnly writeOnly multipleOf patternProperties propertyNames " +
  "additionalProperties additionalItems unevaluatedProperties unevaluatedItems not if then else contains minContains " +
  "maxContains uniqueItems dependencies dependentSchemas dependentRequired contentEncoding contentMediaType " +
  "contentSchema $defs definitions"
).split(" ");
const DEPTH = 32;

const claudeCode: SchemaProfile = {
  topForbidden: new Set(UNIONS),
  forbidden: new Set(DIALECT),
  inlineRefs: false,
  small: false,
  arrayItems: false,
  maxDepth: DEPTH,
  maxBytes: null,
  plainOutput: true,
};

const PROFILES: Readonly<Record<Exclude<ClientFamily, "lossless">, SchemaProfile>> = {
  "claude-code": claudeCode,
  claude: { ...claudeCode, maxBytes: 16_384 },
  openai: { ...claudeCode, topForbidden: TOP, arrayItems: true, plainOutput: false },
  many: { ...claudeCode, topForbidden: TOP, arrayItems: true, inlineRefs: true },
  google: {
    topForbidden: TOP,
    forbidden: new Set([...DIALECT, ...NOT_IN_DECLARATIONS]),
    inlineRefs: true,
    small: true,
    arrayItems: true,
    maxDepth: 12,
    maxBytes: null,
    plainOutput: true,
  },
};

/** null for a family that takes every schema. */
export const schemaProfile = (family: ClientFamily): SchemaProfile | null =>
  family === "lossless" ? null : PROFILES[family];
