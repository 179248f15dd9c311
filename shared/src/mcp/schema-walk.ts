import { isObject } from "./block-text.ts";
import { guardNegations } from "./schema-negations.ts";
import {
  addSentence,
  hasSubschemas,
  isPattern,
  isWellFormed,
  LIST,
  MAP,
  setMember,
  SINGLE,
  type Schema,
} from "./schema-keywords.ts";
import type { SchemaProfile } from "./schema-profile.ts";
import { toSmallDialect } from "./schema-small.ts";

/** Schemas that stand in the place of references, at most; what would come after is left open. They multiply. */
const MOST_NODES = 1_000;
/** References that lead to one another. */
const LONGEST_CHAIN = 32;

export type Walk = {
  profile: SchemaProfile;
  /** undefined for what cannot be followed. */
  resolve: (ref: string) => unknown;
  /** Whether references stay, or are replaced with what they name. */
  keepRefs: boolean;
  ignoreSiblings: boolean;
  /** Whether what references name is wider than it was. */
  wider: boolean;
  maxDepth: number;
  nodes: number;
};

/**
 * Fits a schema to the profile, everywhere below it. Whatever was valid stays valid: what cannot be said is left open.
 * The same object when nothing has to change; the input is never changed.
 */
export function walkSchema(schema: unknown, walk: Walk, depth = 0, chain: readonly string[] = []): unknown {
  if (chain.length > 0) walk.nodes += 1;
  if (!isObject(schema)) return typeof schema === "boolean" && !walk.profile.small ? schema : {};
  if (walk.nodes > MOST_NODES) return cut(schema);
  const ref = schema["$ref"];
  if (typeof ref === "string" && !walk.keepRefs) return followRef(schema, ref, walk, depth, chain);
  if (depth >= walk.maxDepth && hasSubschemas(schema)) return cut(schema);
  const changed = new Set<string>();
  const next: Schema = {};
  for (const [name, value] of Object.entries(schema)) {
    const fitted = fitMember(name, value, walk, depth, chain);
    if (fitted !== undefined) setMember(next, name, fitted);
    if (fitted !== value) changed.add(name);
  }
  const guarded = guardNegations(schema, next, changed, walk.wider);
  if (walk.profile.small) return toSmallDialect(guarded, schema, changed);
  const withItems = walk.profile.arrayItems && needsItems(guarded) ? { ...guarded, items: {} } : guarded;
  return changed.size === 0 && withItems === next ? schema : withItems;
}

/** undefined for a member that goes. */
function fitMember(name: string, value: unknown, walk: Walk, depth: number, chain: readonly string[]): unknown {
  if (walk.profile.forbidden.has(name) || !isWellFormed(name, value)) return undefined;
  const child = (schema: unknown): unknown => walkSchema(schema, walk, depth + 1, chain);
  if (name === "items" && Array.isArray(value)) return anyItem(value.map(child));
  if (SINGLE.has(name)) return child(value);
  if (LIST.has(name) && Array.isArray(value)) return sameOr(value, value.map(child));
  if (MAP.has(name) && isObject(value)) return fitMap(name, value, child);
  return value;
}

function fitMap(name: string, map: Schema, child: (schema: unknown) => unknown): Schema {
  const next: Schema = {};
  let same = true;
  for (const [key, value] of Object.entries(map)) {
    if (name === "patternProperties" && !isPattern(key)) {
      same = false;
      continue;
    }
    // Names that one member asks for, not a schema.
    const fitted = name === "dependencies" && Array.isArray(value) ? value : child(value);
    setMember(next, key, fitted);
    if (fitted !== value) same = false;
  }
  return same ? map : next;
}

const sameOr = (before: readonly unknown[], after: unknown[]): readonly unknown[] =>
  after.every((each, index) => each === before[index]) ? before : after;

/** A list of schemas under `items` says nothing of what comes after it. */
const anyItem = (places: unknown[]): unknown => ({ anyOf: [...places, {}] });

function needsItems(schema: Schema): boolean {
  const type = schema["type"];
  return (type === "array" || (Array.isArray(type) && type.includes("array"))) && schema["items"] === undefined;
}

function followRef(schema: Schema, ref: string, walk: Walk, depth: number, chain: readonly string[]): unknown {
  const { $ref: _ref, ...beside } = schema;
  const target = walk.resolve(ref);
  if (!isObject(target)) return walkSchema(beside, walk, depth, chain);
  const notes = annotationsOf(beside);
  if (chain.includes(ref) || chain.length >= LONGEST_CHAIN) {
    return addSentence(cut({ ...target, ...notes }), "Has the same form as the one around it.");
  }
  const more = [...chain, ref];
  if (walk.ignoreSiblings || Object.keys(notes).length === Object.keys(beside).length) {
    return walkSchema({ ...target, ...notes }, walk, depth, more);
  }
  const list = Array.isArray(beside["allOf"]) ? beside["allOf"] : [];
  return walkSchema({ ...beside, allOf: [...list, target] }, walk, depth, more);
}

function annotationsOf(schema: Schema): Schema {
  const names = ["title", "description", "default", "examples", "deprecated"];
  return Object.fromEntries(Object.entries(schema).filter(([name]) => names.includes(name)));
}

/** What is left of a schema where nothing may stand below it: its type and description. */
function cut(schema: Schema): Schema {
  const { type, description } = schema;
  const kept: Schema = {};
  if (typeof type === "string" && isWellFormed("type", type)) kept["type"] = type;
  if (typeof description === "string") kept["description"] = description.slice(0, 500);

  if (kept["type"] === "array") return { ...kept, items: {} };
  return kept;
}
