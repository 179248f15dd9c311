import { isObject } from "./block-text.ts";
import { setMember, type Schema } from "./schema-keywords.ts";
import { unite } from "./schema-union.ts";

/** Schemas that are looked into at the top of one schema, and how deep. */
const MOST = 200;
const DEEPEST = 16;

/** What a schema says of an object's members; whatever else it says is left open. */
export type Shape = {
  members: ReadonlyMap<string, unknown>;
  required: ReadonlySet<string>;
  /** Of members that are not named; `true` for anything. */
  others: unknown;
};

export type ShapeContext = {
  /** undefined for what cannot be followed. */
  resolve: (ref: string) => unknown;
  ignoreSiblings: boolean;
  small: boolean;
  seen: number;
};

const OPEN: Shape = { members: new Map(), required: new Set(), others: true };

/** null for a schema that no object fits. At most as strict as the schema. */
export function shapeOf(schema: unknown, context: ShapeContext, depth = 0): Shape | null {
  context.seen += 1;
  if (schema === false) return null;
  if (!isObject(schema) || depth > DEEPEST || context.seen > MOST) return OPEN;
  const ref = schema["$ref"];
  if (context.ignoreSiblings && typeof ref === "string")
    return shapeOf(context.resolve(ref) ?? true, context, depth + 1);
  const type = schema["type"];
  if (type !== undefined && type !== "object" && !(Array.isArray(type) && type.includes("object"))) return null;
  let shape: Shape | null = ownShape(schema);
  for (const part of partsOf(schema, context, depth)) {
    if (part === null) return null;
    shape = both(shape, part);
  }
  return shape;
}

/** What stands beside the members and counts as well. */
function partsOf(schema: Schema, context: ShapeContext, depth: number): (Shape | null)[] {
  const deeper = (each: unknown): Shape | null => shapeOf(each, context, depth + 1);
  const parts: (Shape | null)[] = [];
  const ref = schema["$ref"];
  if (typeof ref === "string") parts.push(deeper(context.resolve(ref) ?? true));
  if (Array.isArray(schema["allOf"])) parts.push(...schema["allOf"].map(deeper));
  for (const name of ["anyOf", "oneOf"]) {
    const branches = schema[name];
    if (Array.isArray(branches)) parts.push(either(branches.map(deeper), context));
  }
  return parts;
}

function ownShape(schema: Schema): Shape {
  const { properties, required, additionalProperties, patternProperties, unevaluatedProperties: _ } = schema;
  return {
    members: new Map(isObject(properties) ? Object.entries(properties) : []),
    required: new Set(Array.isArray(required) ? required.filter((name) => typeof name === "string") : []),
    // A pattern may let members through that nothing names.
    others: patternProperties === undefined ? (additionalProperties ?? true) : true,
  };
}

const memberOf = (shape: Shape, name: string): unknown =>
  shape.members.has(name) ? shape.members.get(name) : shape.others;

/** What fits any of the shapes. */
function either(shapes: readonly (Shape | null)[], context: ShapeContext): Shape | null {
  const some = shapes.filter((shape) => shape !== null);
  const [first] = some;
  if (first === undefined) return null;
  if (some.length === 1) return first;
  const members = new Map<string, unknown>();
  for (const name of new Set(some.flatMap((shape) => [...shape.members.keys()]))) {
    const schemas = some.map((shape) => memberOf(shape, name)).filter((schema) => schema !== false);
    members.set(name, schemas.length === 0 ? false : unite(schemas, context.small));
  }
  const required = new Set([...first.required].filter((name) => some.every((shape) => shape.required.has(name))));
  return { members, required, others: some.some((shape) => shape.others !== false) };
}

/** What fits both; where both speak of a member, `one` is believed unless it says nothing. */
function both(one: Shape, two: Shape): Shape {
  const members = new Map(two.members);
  for (const [name, schema] of one.members) {
    if (!members.has(name) || !saysNothing(schema)) members.set(name, schema);
  }
  const others = one.others === true ? two.others : one.others;
  return { members, required: new Set([...one.required, ...two.required]), others };
}

const saysNothing = (schema: unknown): boolean =>
  schema === true || (isObject(schema) && Object.keys(schema).length === 0);

/** The members of a shape as keywords; those that say nothing new are left away. */
export function renderShape({ members, required, others }: Shape): Schema {
  const properties: Schema = {};
  for (const [name, schema] of members) setMember(properties, name, schema);
  return {
    ...(members.size > 0 ? { properties } : {}),
    ...(required.size > 0 ? { required: [...required] } : {}),
    ...(others === true ? {} : { additionalProperties: others }),
  };
}
