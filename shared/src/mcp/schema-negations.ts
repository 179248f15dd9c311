import { isObject } from "./block-text.ts";
import type { Schema } from "./schema-keywords.ts";
import { findRefs } from "./schema-refs.ts";

/**
 * Where a wider schema below makes the one above narrower (`not`, `if`, `oneOf`, `maxContains`, `unevaluated…`), the
 * one above is left open. `next` is `schema` after its members `changed`; `wider` says whether references name
 * something wider too.
 */
export function guardNegations(schema: Schema, next: Schema, changed: ReadonlySet<string>, wider: boolean): Schema {
  const risky = (name: string): boolean =>
    next[name] !== undefined && (changed.has(name) || (wider && findRefs(next[name]).refs.size > 0));
  const result = { ...next };
  const drop = (...names: string[]): void => {
    for (const name of names) delete result[name];
  };
  let same = true;
  const when = (condition: boolean, act: () => void): void => {
    if (!condition) return;
    same = false;
    act();
  };
  when(risky("not"), () => drop("not"));
  when(risky("if") || (changed.has("if") && next["if"] === undefined), () => drop("if", "then", "else"));
  when(risky("oneOf"), () => {
    const branches = { anyOf: result["oneOf"] };
    drop("oneOf");
    if (result["anyOf"] === undefined) result["anyOf"] = branches.anyOf;
    else result["allOf"] = [...(Array.isArray(result["allOf"]) ? result["allOf"] : []), branches];
  });
  when(risky("contains") && next["maxContains"] !== undefined, () => drop("maxContains"));
  // `additionalProperties` and `items` speak of what other members do not name.
  when(lost("properties") || lost("patternProperties"), () => drop("additionalProperties"));
  when(lost("prefixItems"), () => drop("items"));
  const unevaluated = next["unevaluatedProperties"] !== undefined || next["unevaluatedItems"] !== undefined;
  when(unevaluated && (changed.size > 0 || (wider && findRefs(next).refs.size > 0)), () =>
    drop("unevaluatedProperties", "unevaluatedItems"),
  );
  return same ? next : result;

  function lost(name: string): boolean {
    const [before, after] = [schema[name], next[name]];
    if (before === undefined || before === after) return false;
    return after === undefined || count(after) < count(before);
  }
}

const count = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0);
