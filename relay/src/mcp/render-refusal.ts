import { AppError, errorText, isAppError } from "@agent-personas/shared/errors/app-error";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

/** An HTTP answer that carries a JSON-RPC error, as the SDK's own refusals do. */
export type Refusal = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

/** What a request that no server of ours sees is answered with. `id` is the request's, where it could be read. */
export function renderRefusal(
  error: unknown,
  context: { publicUrl: string; requestId: string; credentialSent: boolean; id: string | number | null },
): Refusal {
  if (error instanceof ProtocolError) {
    return refusal(400, context.id, { code: error.code, message: error.message, data: error.data });
  }
  if (statusOf(error) === 415) {
    const message = "Unsupported Media Type: Content-Type must be application/json";
    return refusal(415, context.id, { code: SERVER_ERROR, message });
  }
  const fault = toAppError(error, context.requestId);
  const message = errorText(fault, context.publicUrl);
  const data = { code: fault.code };
  return refusal(fault.status, context.id, { code: rpcCode(fault), message, data }, headersOf(fault, context));
}

const SERVER_ERROR = -32_000;
const SESSION_NOT_FOUND = -32_001;

function refusal(
  status: number,
  id: string | number | null,
  { code, message, data }: { code: number; message: string; data?: unknown },
  headers: Record<string, string> = {},
): Refusal {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { status, headers: { "cache-control": "no-store", ...headers }, body: { jsonrpc: "2.0", error, id } };
}

function toAppError(error: unknown, requestId: string): AppError {
  if (isAppError(error)) return error;
  const status = statusOf(error);
  if (status === 413) return new AppError("payload_too_large", { cause: error });
  if (status !== null && status >= 400 && status < 500) return new AppError("invalid_request", { cause: error });
  return new AppError("internal_error", { detail: { requestId }, cause: error });
}

/** The status that Fastify gives its own errors. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("statusCode" in error)) return null;
  return typeof error.statusCode === "number" ? error.statusCode : null;
}

function rpcCode(error: AppError): number {
  switch (error.code) {
    case "internal_error":
      return ProtocolErrorCode.InternalError;
    case "invalid_request":
      return ProtocolErrorCode.InvalidRequest;
    case "session_unknown":
      return SESSION_NOT_FOUND;
    default:
      return SERVER_ERROR;
  }
}

function headersOf(error: AppError, { credentialSent }: { credentialSent: boolean }): Record<string, string> {
  switch (error.code) {
    case "invalid_token":
      return { "www-authenticate": credentialSent ? challenge("invalid_token", error.message) : "Bearer" };
    case "insufficient_scope": {
      const scope = error.detail["scopes"] ?? "";
      return { "www-authenticate": `${challenge("insufficient_scope", error.message)}, scope="${scope}"` };
    }
    case "method_not_allowed":
      return { allow: "POST, GET, DELETE" };
    case "too_busy":
      return { "retry-after": error.detail["retryAfter"] ?? "5" };
    case "shutting_down":
      return { "retry-after": "5" };
    default:
      return {};
  }
}

const challenge = (code: string, description: string): string =>
  `Bearer error="${code}", error_description="${description.replaceAll(/[^\u0020\u0021\u0023-\u005B\u005D-\u007E]/gu, "'")}"`;
