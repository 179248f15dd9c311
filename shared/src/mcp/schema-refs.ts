import { isObject } from "./block-text.ts";
import type { Schema } from "./schema-keywords.ts";

const IN_DEFS = /^#\/(?:\$defs|definitions)\/[^/%~]+$/u;
const OLD_DRAFT = /draft-0[3-7]/u;
/** Members whose values are data, in which `$ref` is a word like any other. */
const DATA = new Set(["enum", "const", "default", "examples", "example"]);

/** What a reference inside its own document names; undefined when that is nothing. Only own members count. */
export function resolveRef(root: Schema, ref: string): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let value: unknown = root;
  for (const part of ref.slice(2).split("/")) {
    if (typeof value !== "object" || value === null) return undefined;
    const name = decode(part);
    if (name === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return null;
  }
}

/** Up to the 2019 draft, what stands beside `$ref` says nothing. */
export const ignoresSiblings = (root: Schema): boolean =>
  typeof root["$schema"] === "string" && OLD_DRAFT.test(root["$schema"]);

/** All values of `$ref` below a schema, and whether other means of naming schemas are used. */
export function findRefs(schema: unknown): { refs: Set<string>; named: boolean } {
  const refs = new Set<string>();
  let named = false;
  const open: unknown[] = [schema];
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [name, child] of Object.entries(value)) {
      if (name === "$ref" && typeof child === "string") refs.add(child);
      if ((name === "$anchor" || name === "$dynamicRef" || name === "$recursiveRef") && typeof child === "string") {
        named = true;
      }
      if ((name === "$id" || name === "id") && typeof child === "string" && value !== schema) named = true;
      if (!DATA.has(name)) open.push(child);
    }
  }
  return { refs, named };
}

/** Whether every reference names a schema among the definitions, so that it holds wherever else schemas move. */
export function refsHold(root: Schema): boolean {
  const { refs, named } = findRefs(root);
  return !named && [...refs].every((ref) => IN_DEFS.test(ref) && isObject(resolveRef(root, ref)));
}

/** Without the definitions that nothing names any more; the same object when all are named. */
export function dropUnusedDefs(root: Schema): Schema {
  if (root["$defs"] === undefined && root["definitions"] === undefined) return root;
  const used = new Set<string>();
  const { $defs: _defs, definitions: _definitions, ...body } = root;
  const open = [...findRefs(body).refs];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (used.has(ref)) continue;
    used.add(ref);
    open.push(...findRefs(resolveRef(root, ref)).refs);
  }
  // `#` and pointers into the body keep everything.
  if ([...used].some((ref) => !IN_DEFS.test(ref))) return root;
  let next = root;
  for (const place of ["$defs", "definitions"]) {
    const defs = root[place];
    if (!isObject(defs)) continue;
    const kept = Object.entries(defs).filter(([name]) => used.has(`#/${place}/${name}`));
    if (kept.length === Object.keys(defs).length && kept.length > 0) continue;
    const { [place]: _old, ...rest } = next;
    next = kept.length > 0 ? { ...rest, [place]: Object.fromEntries(kept) } : rest;
  }
  return next;
}
