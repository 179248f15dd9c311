import type { ApiError } from "@agent-personas/shared/api/devices";
import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { ERRORS } from "@agent-personas/shared/errors/codes";
import { z } from "zod";

const fastifyErrorSchema = z.object({ code: z.string().optional(), statusCode: z.int().min(400).max(599) });
const validationSchema = z.object({
  validation: z.array(z.object({ instancePath: z.string(), message: z.string().optional() })),
});
const PROBLEM_LENGTH = 300;

/** A fault ready to be answered over HTTP. `unexpected` ones are the relay's own and belong in its log. */
export type RenderedError = {
  status: number;
  headers: Record<string, string>;
  body: ApiError;
  unexpected: boolean;
};

/** The one form of every refusal of the REST API and of transport faults anywhere. */
export function renderError(
  thrown: unknown,
  context: { publicUrl: string; requestId: string; now: number },
): RenderedError {
  const error = toAppError(thrown, context.requestId);
  const entry = ERRORS[error.code];
  const { retryAfter } = error.detail;
  return {
    status: statusOf(thrown, error),
    headers: {
      "cache-control": "no-store",
      ...(error.status === 401 ? { "www-authenticate": 'Bearer error="invalid_token"' } : {}),
      ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    },
    body: {
      error: {
        code: error.code,
        message: entry.text(error.detail),
        next: entry.next(error.detail),
        help: `${context.publicUrl}/help#${error.code}`,
        requestId: context.requestId,
        detail: { ...error.detail },
        serverTime: context.now,
      },
    },
    unexpected: error.code === "internal_error",
  };
}

/** Any thrown value as an error of the catalogue; what is not a known fault of the caller becomes `internal_error`. */
export function toAppError(thrown: unknown, requestId: string): AppError {
  if (isAppError(thrown)) return thrown;
  const validation = validationSchema.safeParse(thrown);
  if (validation.success) {
    const problems = validation.data.validation.map(({ instancePath, message }) =>
      `${instancePath === "" ? "body" : instancePath.replace(/^\//u, "")} ${message ?? "is not valid"}`.trim(),
    );
    return new AppError("invalid_request", { detail: { problem: problems.join("; ").slice(0, PROBLEM_LENGTH) } });
  }
  const known = fastifyErrorSchema.safeParse(thrown);
  if (!known.success || known.data.statusCode >= 500) {
    return new AppError("internal_error", { detail: { requestId }, cause: thrown });
  }
  switch (known.data.statusCode) {
    case 404:
      return new AppError("not_found");
    case 413:
      return new AppError("payload_too_large");
    case 415:
      return new AppError("invalid_request", { detail: { problem: "the content type must be application/json" } });
    case 429:
      return new AppError("rate_limited");
    default:
      return new AppError("invalid_request", { detail: { problem: problemOf(known.data.code) } });
  }
}

/** A content type that is not taken stays 415, though its code is that of any malformed request. */
function statusOf(thrown: unknown, error: AppError): number {
  const known = fastifyErrorSchema.safeParse(thrown);
  return !isAppError(thrown) && known.success && known.data.statusCode === 415 ? 415 : error.status;
}

function problemOf(code: string | undefined): string {
  switch (code) {
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return "the body is not JSON";
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return "the body is not as long as it says";
    default:
      return "it cannot be read";
  }
}
