import { isObject } from "./block-text.ts";
import { addSentence, type Schema } from "./schema-keywords.ts";

/** Formats that function declarations know. */
const FORMATS = new Set(["enum", "date-time", "int32", "int64", "float", "double"]);
const LONGEST_DEFAULT = 80;

type Step = (schema: Schema) => Schema;

/** The small dialect of function declarations, one step at a time; each only widens. */
const STEPS: readonly Step[] = [
  mergeAllOf,
  oneOfToAnyOf,
  tupleToItems,
  constToEnum,
  plainEnum,
  oneType,
  inclusiveBounds,
  knownFormat,
  sayDefault,
  giveItems,
  namedRequired,
];

/** The same object when nothing has to change. `before` is the schema as it was, before its members `changed`. */
export function toSmallDialect(schema: Schema, before: Schema, changed: ReadonlySet<string>): Schema {
  const next = STEPS.reduce((each, step) => step(each), schema);
  return changed.size === 0 && next === schema && Object.keys(next).length === Object.keys(before).length
    ? before
    : next;
}

function without(schema: Schema, ...names: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

/** Takes over what each member says, where it does not contradict what is said already. */
function mergeAllOf(schema: Schema): Schema {
  const members = schema["allOf"];
  if (!Array.isArray(members)) return schema;
  return members.filter(isObject).reduce((merged, member) => mergeTwo(merged, member), without(schema, "allOf"));
}

function mergeTwo(one: Schema, two: Schema): Schema {
  const merged = { ...two, ...one };
  if (isObject(one["properties"]) && isObject(two["properties"])) {
    merged["properties"] = { ...two["properties"], ...one["properties"] };
  }
  if (Array.isArray(one["required"]) && Array.isArray(two["required"])) {
    merged["required"] = [...new Set([...one["required"], ...two["required"]])];
  }
  return merged;
}

function oneOfToAnyOf(schema: Schema): Schema {
  const branches = schema["oneOf"];
  if (branches === undefined) return schema;
  const rest = without(schema, "oneOf");
  return rest["anyOf"] === undefined ? { ...rest, anyOf: branches } : rest;
}

/** A list in which each place has a schema of its own: any item has one of these. */
function tupleToItems(schema: Schema): Schema {
  const places = schema["prefixItems"];
  if (!Array.isArray(places)) return schema;
  const rest = without(schema, "prefixItems", "items");
  // What comes after the places may be anything unless `items` says something.
  const after = schema["items"] === undefined ? {} : schema["items"];
  const branches = [...new Map([...places, after].map((each) => [JSON.stringify(each), each])).values()];
  return { ...rest, items: branches.length === 1 ? branches[0] : { anyOf: branches } };
}

function constToEnum(schema: Schema): Schema {
  if (!Object.hasOwn(schema, "const")) return schema;
  const rest = without(schema, "const");
  return rest["enum"] === undefined ? { ...rest, enum: [schema["const"]] } : rest;
}

/** Only text can be listed; other values are told in words. */
function plainEnum(schema: Schema): Schema {
  const values = schema["enum"];
  if (!Array.isArray(values)) return schema;
  const type = schema["type"];
  const texts = values.filter((value) => typeof value === "string");
  if (texts.length === values.length) {
    if (type === "string") return schema;
    if (type === undefined) return { ...schema, type: "string" };
  }
  const optional = texts.length > 0 && values.every((value) => typeof value === "string" || value === null);
  if (optional && (type === undefined || (Array.isArray(type) && type.includes("string") && type.includes("null")))) {
    // The next step makes a branch for each type.
    return { ...schema, type: ["string", "null"], enum: texts };
  }
  const list = values
    .slice(0, 20)
    .map((value) => JSON.stringify(value))
    .join(", ");
  const sentence = `One of: ${list.slice(0, 300)}.`;
  return addSentence(without(schema, "enum"), sentence);
}

function oneType(schema: Schema): Schema {
  const types = schema["type"];
  if (!Array.isArray(types)) return schema;
  const rest = without(schema, "type");
  if (types.length === 1) return { ...rest, type: types[0] };
  if (rest["anyOf"] !== undefined) return without(rest, "enum");
  const { description, title, ...facts } = rest;
  const notes = Object.fromEntries(Object.entries({ title, description }).filter(([, value]) => value !== undefined));
  const branches = types.map((type) => namedRequired(giveItems(branchOf(facts, type))));
  return { ...notes, anyOf: branches };
}

const OF_TYPE: ReadonlyMap<unknown, readonly string[]> = new Map<unknown, readonly string[]>([
  ["string", ["enum", "minLength", "maxLength", "pattern", "format"]],
  ["object", ["properties", "required", "minProperties", "maxProperties"]],
  ["array", ["items", "minItems", "maxItems"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"]],
  ["integer", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"]],
]);

function branchOf(facts: Schema, type: unknown): Schema {
  const names = OF_TYPE.get(type) ?? [];
  const own = Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));
  return inclusiveBounds(knownFormat({ ...own, type }));
}

function inclusiveBounds(schema: Schema): Schema {
  return bound(bound(schema, "exclusiveMinimum", "minimum", Math.max), "exclusiveMaximum", "maximum", Math.min);
}

function bound(schema: Schema, exclusive: string, name: string, tighter: (one: number, two: number) => number): Schema {
  const value = schema[exclusive];
  if (value === undefined) return schema;
  const rest = without(schema, exclusive);
  if (typeof value !== "number") return rest;
  const own = rest[name];
  return { ...rest, [name]: typeof own === "number" ? tighter(own, value) : value };
}

function knownFormat(schema: Schema): Schema {
  const { format } = schema;
  return format === undefined || (typeof format === "string" && FORMATS.has(format))
    ? schema
    : without(schema, "format");
}

function sayDefault(schema: Schema): Schema {
  if (!Object.hasOwn(schema, "default")) return schema;
  const text = JSON.stringify(schema["default"]);
  const rest = without(schema, "default");
  return text.length > LONGEST_DEFAULT ? rest : addSentence(rest, `Default: ${text}.`);
}

function giveItems(schema: Schema): Schema {
  return schema["type"] === "array" && schema["items"] === undefined ? { ...schema, items: {} } : schema;
}

/** What is required must be described, be it with nothing. */
function namedRequired(schema: Schema): Schema {
  const { required, properties } = schema;
  if (!Array.isArray(required)) return schema;
  const named = required.filter((name) => isObject(properties) && Object.hasOwn(properties, String(name)));
  if (named.length === required.length && named.length > 0) return schema;
  return named.length > 0 ? { ...schema, required: named } : without(schema, "required");
}
