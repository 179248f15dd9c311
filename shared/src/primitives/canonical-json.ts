import canonicalize from "canonicalize";

/**
 * RFC 8785 canonical JSON, so that equal values have equal text whatever the order of their keys.
 * Members that are `undefined` are left out.
 * @throws TypeError for values that JSON does not have (NaN, Infinity, functions at the root).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("The value has no JSON form.");
  return text;
}
