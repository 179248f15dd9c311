import { AppError, errorText, isAppError } from "@agent-personas/shared/errors/app-error";
import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { faultResult } from "./render-outcome.ts";

/** An HTTP answer that carries a JSON-RPC error, as the SDK's own refusals do. */
export type Refusal = {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  /** Of the catalogue, where the fault is one of it. */
  code: ErrorCode | "protocol";
};

export type RefusalContext = {
  publicUrl: string;
  requestId: string;
  credentialSent: boolean;
  /** Where the client reads how to sign in; null where nobody can. */
  resourceMetadata: string | null;
  /** Whether tokens come from somebody else's server, to which scopes of ours mean nothing. */
  foreign: boolean;
  /** In which era the request calls a tool; null for any other. */
  toolCall: "legacy" | "modern" | null;
  /** The request's, where it could be read. */
  id: string | number | null;
};

/** What clients are told to ask for when they sign in. */
const DEFAULT_SCOPE = "read write";

/** What a request that no server of ours sees is answered with. */
export function renderRefusal(error: unknown, context: RefusalContext): Refusal {
  if (error instanceof ProtocolError) {
    return refusal(400, context.id, { code: error.code, message: error.message, data: error.data, fault: null });
  }
  if (statusOf(error) === 415) {
    const message = "Unsupported Media Type: Content-Type must be application/json";
    return refusal(415, context.id, { code: SERVER_ERROR, message, fault: null });
  }
  const fault = toAppError(error, context.requestId);
  const message = errorText(fault, context.publicUrl);
  const data = { code: fault.code, requestId: context.requestId };
  if (fault.code === "rate_limited" && context.toolCall !== null && context.id !== null) {
    return limitedCall(message, context.id, { ...context, era: context.toolCall }, headersOf(fault, context));
  }
  return refusal(
    fault.status,
    context.id,
    { code: rpcCode(fault), message, data, fault: fault.code },
    headersOf(fault, context),
  );
}

const SERVER_ERROR = -32_000;
const SESSION_NOT_FOUND = -32_001;

function refusal(
  status: number,
  id: string | number | null,
  { code, message, data, fault }: { code: number; message: string; data?: unknown; fault: ErrorCode | null },
  headers: Record<string, string> = {},
): Refusal {
  const error = data === undefined ? { code, message } : { code, message, data };
  return {
    status,
    headers: { "cache-control": "no-store", ...headers },
    body: { jsonrpc: "2.0", error, id },
    code: fault ?? "protocol",
  };
}

/** Too many calls are told to the model, which waits; an HTTP error would end many a client's session. */
function limitedCall(
  message: string,
  id: string | number,
  { era, requestId }: { era: "legacy" | "modern"; requestId: string },
  headers: Record<string, string>,
): Refusal {
  const result = { ...faultResult(message, requestId), ...(era === "modern" && { resultType: "complete" }) };
  return {
    status: 200,
    headers: { "cache-control": "no-store", ...headers },
    body: { jsonrpc: "2.0", result, id },
    code: "rate_limited",
  };
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

function headersOf(error: AppError, context: RefusalContext): Record<string, string> {
  switch (error.code) {
    case "invalid_token":
      return { "www-authenticate": challenge(context.credentialSent ? error : null, DEFAULT_SCOPE, context) };
    case "insufficient_scope":
      return { "www-authenticate": challenge(error, error.detail["ask"] ?? "", context) };
    case "method_not_allowed":
      return { allow: "POST, GET, DELETE" };
    case "rate_limited":
    case "too_busy":
      return { "retry-after": error.detail["retryAfter"] ?? "5" };
    case "shutting_down":
      return { "retry-after": "5" };
    default:
      return {};
  }
}

/** A scope is named where one can sign in for it, and where one is missing. No error when no credential was sent. */
function challenge(error: AppError | null, scope: string, { resourceMetadata, foreign }: RefusalContext): string {
  const parameters = {
    ...(error !== null && { error: error.code, error_description: error.message }),
    ...(resourceMetadata !== null && { resource_metadata: resourceMetadata }),
    ...(!foreign && (resourceMetadata !== null || error?.code === "insufficient_scope") && { scope }),
  };
  const rendered = Object.entries(parameters).map(([name, value]) => `${name}="${value.replaceAll(UNQUOTABLE, "'")}"`);
  return ["Bearer", rendered.join(", ")].join(" ").trim();
}

/** What may not stand between the quotes of a challenge. */
const UNQUOTABLE = /[^\u0020\u0021\u0023-\u005B\u005D-\u007E]/gu;
