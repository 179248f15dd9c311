import { isAppError, type AppError } from "@agent-personas/shared/errors/app-error";
import { InsufficientScopeError, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import { z } from "zod";
import { OVERSIZE } from "./app-fetch.ts";
import { StreamEndedError, type RawAnswer } from "./tapping-transport.ts";

/** What a failed request to an app means. Reasons are our own words: what a server says may hold anything. */
export type Failure =
  | { kind: "fault"; error: AppError }
  | { kind: "answer"; answer: RawAnswer }
  /** With the scopes that are missing, where the app says which. */
  | { kind: "sign-in"; scope: string | null }
  /** 403 without a scope challenge; often the extension's Origin. */
  | { kind: "forbidden" }
  /** The server does not know the session (any more) and has executed nothing. */
  | { kind: "session-lost" }
  | { kind: "ended" }
  | { kind: "too-large" }
  | ({ kind: "not-mcp" } & Unanswered)
  /** No HTTP answer: also what the browser says when its permission is missing. */
  | ({ kind: "network" } & Unanswered)
  | ({ kind: "unreachable" } & Unanswered);

/** `refused`: the request was certainly not acted upon. */
type Unanswered = { reason: string; refused: boolean };

export function describeFailure(error: unknown): Failure {
  const chain = causes(error);
  const fault = chain.find((link) => isAppError(link));
  if (fault !== undefined) return { kind: "fault", error: fault };
  const scope = chain.find((link) => link instanceof InsufficientScopeError);
  if (scope !== undefined) return { kind: "sign-in", scope: scope.requiredScope ?? null };
  if (chain.some((link) => link instanceof StreamEndedError)) return { kind: "ended" };
  if (chain.some((link) => link instanceof Error && link.message.includes(OVERSIZE))) return { kind: "too-large" };
  const http = chain.find((link) => link instanceof SdkHttpError);
  if (http !== undefined) return describeHttp(http.status ?? 0, textOf(http));
  const network = chain.find((link) => link instanceof TypeError);
  if (network !== undefined) return { kind: "network", ...networkReason(chain) };
  const sdk = chain.find((link) => link instanceof SdkError);
  if (sdk?.code === SdkErrorCode.ClientHttpUnexpectedContent) {
    return { kind: "not-mcp", reason: "it does not answer with JSON or an event stream", refused: false };
  }
  if (sdk?.code === SdkErrorCode.RequestTimeout)
    return { kind: "unreachable", reason: "no answer in time", refused: false };
  return { kind: "not-mcp", reason: "its answer is not a message of the protocol", refused: false };
}

function describeHttp(status: number, text: string): Failure {
  if (status === 401) return { kind: "sign-in", scope: null };
  if (status === 403) return { kind: "forbidden" };
  const answer = jsonRpcError(text);
  const namesSession = /session|not initialized/iu.test(text);
  if ((status === 404 && (answer === null || namesSession)) || (status === 400 && namesSession)) {
    return { kind: "session-lost" };
  }
  if (answer !== null && status < 500) return { kind: "answer", answer };
  if (status === 404 || status === 405 || status === 406 || status === 415) {
    return { kind: "not-mcp", reason: `HTTP ${status}`, refused: true };
  }
  if (status === 429) return { kind: "unreachable", reason: "HTTP 429, too many requests", refused: true };
  return { kind: "unreachable", reason: `HTTP ${status}`, refused: status < 500 };
}

const errorBodySchema = z.looseObject({
  jsonrpc: z.literal("2.0"),
  error: z.looseObject({ code: z.number(), message: z.string() }),
});

/** Many servers answer a fault of the request as HTTP 4xx with the JSON-RPC error as body. */
function jsonRpcError(text: string): RawAnswer | null {
  try {
    const { error } = errorBodySchema.parse(JSON.parse(text));
    const data = error["data"] === undefined ? {} : { data: error["data"] };
    return { kind: "error", error: { code: error.code, message: error.message, ...data } };
  } catch {
    return null;
  }
}

function textOf(error: SdkHttpError): string {
  const text = error.data["text"];
  return typeof text === "string" ? text : "";
}

const CODES: Record<string, Unanswered> = {
  ECONNREFUSED: { reason: "connection refused", refused: true },
  ENOTFOUND: { reason: "its name cannot be resolved", refused: true },
  ECONNRESET: { reason: "the connection broke", refused: false },
};

function networkReason(chain: unknown[]): Unanswered {
  for (const link of chain) {
    const code = typeof link === "object" && link !== null && "code" in link ? link.code : null;
    if (typeof code === "string" && CODES[code] !== undefined) return CODES[code];
  }
  // A browser does not say whether there never was one.
  return { reason: "no connection", refused: false };
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && link !== null && chain.length < 8;) {
    chain.push(link);
    link = link instanceof Error ? link.cause : undefined;
  }
  return chain;
}
