import { ACCESS_ERRORS } from "./catalogue/access.ts";
import { CALL_ERRORS } from "./catalogue/calls.ts";
import type { Entry } from "./catalogue/entry.ts";
import { EXTENSION_ERRORS } from "./catalogue/extension.ts";
import { PAIRING_ERRORS } from "./catalogue/pairing.ts";

export type { ErrorDetail } from "./catalogue/entry.ts";

/** The closed catalogue of faults. The relay serves it at `/help#<code>`. */
export const ERRORS = {
  ...CALL_ERRORS,
  ...ACCESS_ERRORS,
  ...PAIRING_ERRORS,
  ...EXTENSION_ERRORS,
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

const codes = new Set<string>(Object.keys(ERRORS));
export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === "string" && codes.has(value);
