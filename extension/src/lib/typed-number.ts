/** What a person typed where a number may be left out: null when left empty, `wrong` when it is no such number. */
export type TypedNumber = number | null | "wrong";

/** A whole number up to nine digits; spaces that group digits are taken, points and commas are not. */
export function readWhole(text: string): TypedNumber {
  const digits = text.replace(/\s/gu, "");
  if (digits === "") return null;
  return /^\d{1,9}$/u.test(digits) ? Number(digits) : "wrong";
}

/** A number with up to `decimals` digits behind a point or comma. `1,000` is none, since it may mean either. */
export function readDecimal(text: string, decimals: number): TypedNumber {
  const digits = text.replace(/\s/gu, "").replace(",", ".");
  if (digits === "") return null;
  return new RegExp(`^\\d{1,9}(\\.\\d{1,${decimals}})?$`, "u").test(digits) ? Number(digits) : "wrong";
}
