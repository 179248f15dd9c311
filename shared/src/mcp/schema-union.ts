import { isObject } from "./block-text.ts";
import type { Schema } from "./schema-keywords.ts";

/** More alternatives than these are left open. */
const MOST = 16;

/**
 * One schema for what any of `schemas` takes. Beside an alternative that takes anything, the others stay as hints,
 * except in the small dialect, where only the description does.
 */
export function unite(schemas: readonly unknown[], small: boolean): unknown {
  const flat = schemas.flatMap((schema) => (isPlainAnyOf(schema) ? schema["anyOf"] : [schema]));
  const distinct = [...new Map(flat.map((schema) => [JSON.stringify(schema), schema])).values()];
  const listed = uniteEnums(distinct);
  if (listed !== null) return listed;
  const [first] = distinct;
  if (distinct.length === 1 && first !== undefined) return first;
  const open = distinct.some(takesAnything);
  const hints = distinct.filter((schema) => !takesAnything(schema));
  if (hints.length === 0 || hints.length > MOST || (open && small)) return describedBy(hints);
  return { anyOf: open ? [...hints, {}] : hints };
}

const isPlainAnyOf = (schema: unknown): schema is { anyOf: unknown[] } =>
  isObject(schema) && Object.keys(schema).length === 1 && Array.isArray(schema["anyOf"]);

const takesAnything = (schema: unknown): boolean =>
  schema === true ||
  (isObject(schema) && Object.keys(schema).every((name) => name === "description" || name === "title"));

/** Lists of values become one list, as with the member that tells variants apart. */
function uniteEnums(schemas: readonly unknown[]): Schema | null {
  const values: unknown[] = [];
  let rest: string | null = null;
  for (const schema of schemas) {
    if (!isObject(schema)) return null;
    const { enum: list, const: value, description: _description, title: _title, ...facts } = schema;
    if ((list === undefined) === (value === undefined) || !Array.isArray(list ?? [])) return null;
    const own = JSON.stringify(facts);
    if (rest !== null && rest !== own) return null;
    rest = own;
    values.push(...(Array.isArray(list) ? list : [value]));
  }
  const [first] = schemas;
  if (schemas.length < 2 || !isObject(first)) return null;
  const { const: _const, enum: _enum, description, title: _title, ...facts } = first;
  const same = schemas.every((schema) => isObject(schema) && schema["description"] === description);
  const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  return { ...facts, ...(same && description !== undefined ? { description } : {}), enum: distinct };
}

function describedBy(hints: readonly unknown[]): Schema {
  const texts = hints.map((hint) => (isObject(hint) ? hint["description"] : undefined));
  const description = texts.find((text) => typeof text === "string");
  return description === undefined ? {} : { description };
}
