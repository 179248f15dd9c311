import { isObject } from "./block-text.ts";

export type Schema = Record<string, unknown>;

/** Where schemas stand inside a schema. */
export const SINGLE: ReadonlySet<string> = words(
  "items additionalItems additionalProperties contains not if then else propertyNames unevaluatedProperties " +
    "unevaluatedItems contentSchema",
);
export const LIST: ReadonlySet<string> = words("allOf anyOf oneOf prefixItems");
export const MAP: ReadonlySet<string> = words(
  "properties patternProperties $defs definitions dependentSchemas dependencies",
);

const TYPES = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);

const isText = (value: unknown): boolean => typeof value === "string";
const isSchema = (value: unknown): boolean => isObject(value) || typeof value === "boolean";
const isType = (value: unknown): boolean => typeof value === "string" && TYPES.has(value);

const NUMBERS = words("multipleOf maximum exclusiveMaximum minimum exclusiveMinimum");
const COUNTS = words("maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties");
const TEXTS = words("title description format $ref $comment");

/** Whether a member of a schema has a form that JSON Schema 2020-12 knows, or is no keyword of it at all. */
export function isWellFormed(name: string, value: unknown): boolean {
  if (NUMBERS.has(name)) return typeof value === "number";
  if (COUNTS.has(name)) return Number.isInteger(value) && Number(value) >= 0;
  if (TEXTS.has(name)) return isText(value);
  if (SINGLE.has(name)) return isSchema(value) || (name === "items" && isSchemas(value));
  if (LIST.has(name)) return isSchemas(value);
  if (MAP.has(name)) return isObject(value);
  if (name === "required") return Array.isArray(value) && value.every(isText);
  if (name === "enum") return Array.isArray(value) && value.length > 0;
  if (name === "type") return isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType));
  return name !== "pattern" || (typeof value === "string" && isPattern(value));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

function isSchemas(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isSchema);
}

/** Whether a pattern is a regular expression; it is compiled and never run. */
export function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").source !== "";
  } catch {
    return false;
  }
}

export const hasSubschemas = (schema: Schema): boolean =>
  Object.keys(schema).some((name) => SINGLE.has(name) || LIST.has(name) || MAP.has(name));

/** Adds a sentence for the model to what a schema says of itself. */
export function addSentence(schema: Schema, sentence: string): Schema {
  const own = typeof schema["description"] === "string" ? `${schema["description"]} ` : "";
  return { ...schema, description: `${own}${sentence}` };
}

/** Sets a member that may be called anything, `__proto__` too. */
export function setMember(target: Schema, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
