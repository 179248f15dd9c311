import { isObject } from "./block-text.ts";
import { addSentence, type Schema } from "./schema-keywords.ts";
import type { SchemaProfile } from "./schema-profile.ts";
import { renderShape, shapeOf, type ShapeContext } from "./schema-shape.ts";

/** Variants that are told in words, and the most words for them. */
const TOLD = 8;
const LONGEST = 500;
/** What the shape says anew. */
const OF_SHAPE = new Set(["type", "properties", "required", "additionalProperties", "unevaluatedProperties"]);
const BESIDE_REF = new Set(["title", "description", "$defs", "definitions", "$schema", "$id"]);

/** How references of the schema are followed. */
export type Follow = Pick<ShapeContext, "resolve" | "ignoreSiblings">;

/**
 * A schema whose top is plainly an object's, for clients that refuse one with alternatives there: their members are
 * united, and which belong together is said in the description. The same object when its top is plain already.
 */
export function plainTop(schema: Schema, profile: SchemaProfile, follow: Follow): Schema {
  const forbidden = Object.keys(schema).filter((name) => profile.topForbidden.has(name));
  if (forbidden.length === 0) return schema["type"] === "object" ? schema : { ...schema, type: "object" };
  const kept = Object.entries(schema).filter(([name]) => !profile.topForbidden.has(name) && !OF_SHAPE.has(name));
  const onlyRef = follow.ignoreSiblings && typeof schema["$ref"] === "string";
  const rest = onlyRef ? kept.filter(([name]) => BESIDE_REF.has(name)) : kept;
  const shape = shapeOf({ ...schema, type: "object" }, { ...follow, small: profile.small, seen: 0 });
  const next = { type: "object", ...Object.fromEntries(rest), ...(shape === null ? {} : renderShape(shape)) };
  const sentence = tellVariants(schema, follow);
  return sentence === null ? next : addSentence(next, sentence);
}

/** Which members belong together; null when there is nothing to tell. */
function tellVariants(schema: Schema, { resolve }: Follow): string | null {
  const branches = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(branches) || branches.length > TOLD) return null;
  const sets = branches.map((branch) => {
    const ref = isObject(branch) ? branch["$ref"] : undefined;
    const named = typeof ref === "string" ? resolve(ref) : branch;
    return isObject(named) ? tellVariant(named) : "";
  });
  if (sets.length < 2 || sets.every((set) => set === "")) return null;
  const text = `Give one of these sets of members: ${sets.map((set) => set || "none").join("; or ")}.`;
  return text.length > LONGEST ? null : text;
}

function tellVariant(branch: Schema): string {
  const { required, properties } = branch;
  if (!Array.isArray(required)) return "";
  return required
    .map((name) => `${name}${tellValue(isObject(properties) ? properties[String(name)] : undefined)}`)
    .join(", ");
}

function tellValue(schema: unknown): string {
  if (!isObject(schema)) return "";
  const value =
    schema["const"] ?? (Array.isArray(schema["enum"]) && schema["enum"].length === 1 ? schema["enum"][0] : undefined);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `=${value}` : "";
}
