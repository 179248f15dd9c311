import { errorText, isAppError } from "@agent-personas/shared/errors/app-error";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";

/** By what the owner of the relay finds the lines about a request, in `_meta` of a fault and in the data of an error. */
export const REQUEST_ID_META_KEY = "agent-personas/requestId";

/** The request that is answered. */
type Answered = Pick<Exchange, "era" | "requestId">;

const resultSchema = z.looseObject({ _meta: z.looseObject({}).optional() });

/**
 * The app's answer as it is: result or JSON-RPC error untouched, so that fields and content types nobody here
 * knows arrive. A fault of the catalogue becomes a result with isError.
 */
export function renderOutcome(outcome: Outcome, { era, requestId }: Answered, relayUrl: string): Result {
  switch (outcome.kind) {
    case "fault":
      return faultResult(errorText(outcome, relayUrl), requestId);
    case "parked":
      return stillRunning(outcome.handle);
    case "error":
      throw new ProtocolError(outcome.error.code, outcome.error.message, outcome.error.data);
    default: {
      const parsed = resultSchema.safeParse(outcome.result);
      if (!parsed.success) {
        throw new ProtocolError(ProtocolErrorCode.InternalError, "The app's result is not valid", { requestId });
      }
      return era === "legacy" ? forLegacy(parsed.data) : parsed.data;
    }
  }
}

/** Not an error: the app goes on, and its answer is kept. */
export const stillRunning = (handle: string): Result => ({
  content: [
    {
      type: "text",
      text: `Still running. Call persona_wait_for_call with the handle ${handle} to get its result.`,
    },
  ],
});

/** The same of a tool with an output schema: clients refuse what has no structured content, unless it is an error. */
export const stillRunningUnstructured = (handle: string): Result => {
  const { content, ...rest } = stillRunning(handle);
  const note = { type: "text", text: "This is no failure: do not repeat the call." };
  return { ...rest, content: [...(Array.isArray(content) ? content : []), note], isError: true };
};

/** The earlier era has complete results only, without saying so, and structured content only as an object. */
function forLegacy({ resultType, ttlMs: _ttl, cacheScope: _scope, ...rest }: z.infer<typeof resultSchema>): Result {
  const result = resultType === undefined || resultType === "complete" ? rest : { ...rest, resultType };
  const { structuredContent } = rest;
  const fits = typeof structuredContent === "object" && structuredContent !== null && !Array.isArray(structuredContent);
  return structuredContent === undefined || fits
    ? result
    : { ...result, structuredContent: { result: structuredContent } };
}

/** A refusal of the catalogue as a result; anything else is thrown on. */
export function renderFault(error: unknown, { requestId }: Pick<Answered, "requestId">, relayUrl: string): Result {
  if (!isAppError(error)) throw error;
  return faultResult(errorText(error, relayUrl), requestId);
}

/** What a model reads of a fault, and beside it what a person needs who asks for the reason. */
export const faultResult = (text: string, requestId: string): Result => ({
  content: [{ type: "text", text }],
  isError: true,
  _meta: { [REQUEST_ID_META_KEY]: requestId },
});
