import { ERRORS, type ErrorCode, type ErrorDetail } from "./codes.ts";

/** The one error that people and clients see: a code of the catalogue with the facts its text needs. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, options: { detail?: ErrorDetail; cause?: unknown } = {}) {
    super(ERRORS[code].text(options.detail ?? {}), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.detail = options.detail ?? {};
  }

  /** HTTP status of this fault where it is answered as HTTP. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

export const isAppError = (error: unknown): error is AppError => error instanceof AppError;

/** What a caller reads: what happened, what to do, and where to read more. */
export function errorText(error: { code: ErrorCode; detail?: ErrorDetail | undefined }, relayUrl: string): string {
  const entry = ERRORS[error.code];
  return `${entry.text(error.detail ?? {})} ${entry.next(error.detail ?? {})} (${error.code}, ${relayUrl}/help#${error.code})`;
}
