import { jsonBytes } from "../primitives/json-bytes.ts";
import { isObject } from "./block-text.ts";
import { LIST, MAP, setMember, SINGLE, type Schema } from "./schema-keywords.ts";

const MOST_NODES = 20_000;

/** What is given up first, from what helps a model least to what helps it most. */
const STEPS: readonly ((schema: Schema, depth: number) => Schema)[] = [
  (schema) => without(schema, "examples", "$comment", "title", "deprecated"),
  (schema, depth) => (depth > 0 ? shortened(schema, 160) : schema),
  (schema, depth) => (depth > 2 ? without(schema, "description") : shortened(schema, 160)),
  (schema, depth) => (depth > 0 ? shortened(schema, 60) : shortened(schema, 500)),
];
/** Then schemas inside schemas, from the innermost. */
const DEPTHS = [8, 6, 5, 4, 3, 2, 1] as const;

/**
 * A schema of at most `most` bytes that says less. `fit` cuts what is deeper than it is told.
 * At the very end only the names of members are left, and not even these when they alone are too long.
 */
export function shrinkSchema(schema: Schema, most: number, fit: (schema: Schema, maxDepth: number) => Schema): Schema {
  const fits = (each: Schema): boolean => jsonBytes(each) <= most;
  let next = schema;
  for (const step of STEPS) {
    next = rewrite(next, step, 0, { nodes: 0 });
    if (fits(next)) return next;
  }
  for (const depth of DEPTHS) {
    const cut = fit(next, depth);
    if (fits(cut)) return cut;
  }
  const names = namesOnly(next);
  return fits(names) ? names : { type: "object" };
}

function without(schema: Schema, ...names: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

function shortened(schema: Schema, most: number): Schema {
  const text = schema["description"];
  if (typeof text !== "string" || text.length <= most) return schema;
  return { ...schema, description: `${text.slice(0, most - 1).toWellFormed()}…` };
}

/** A step everywhere; only annotations change, so what is valid does not. */
function rewrite(
  value: unknown,
  step: (schema: Schema, depth: number) => Schema,
  depth: number,
  count: { nodes: number },
): Schema {
  count.nodes += 1;
  if (!isObject(value) || count.nodes > MOST_NODES) return Object(value);
  const child = (each: unknown): unknown => (isObject(each) ? rewrite(each, step, depth + 1, count) : each);
  const next: Schema = {};
  for (const [name, member] of Object.entries(step(value, depth))) {
    setMember(next, name, rewriteMember(name, member, child));
  }
  return next;
}

function rewriteMember(name: string, member: unknown, child: (each: unknown) => unknown): unknown {
  if (SINGLE.has(name)) return child(member);
  if (LIST.has(name) && Array.isArray(member)) return member.map(child);
  if (!MAP.has(name) || !isObject(member)) return member;
  const map: Schema = {};
  for (const [key, each] of Object.entries(member)) setMember(map, key, child(each));
  return map;
}

function namesOnly(schema: Schema): Schema {
  const { properties, required } = schema;
  const names: Schema = {};
  for (const name of Object.keys(isObject(properties) ? properties : {})) setMember(names, name, {});
  return { type: "object", properties: names, ...(Array.isArray(required) ? { required } : {}) };
}
