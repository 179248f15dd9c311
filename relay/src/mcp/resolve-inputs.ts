import { createId } from "@agent-personas/shared/primitives/id";
import type { Ask, Outcome } from "@agent-personas/shared/tunnel/messages";
import { askSchema } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { RequestContext } from "./exchange.ts";

/** Rounds of questions in one request; then the app is given up. */
const MAX_ROUNDS = 10;

const inputRequiredSchema = z.looseObject({
  resultType: z.literal("input_required"),
  inputRequests: z
    .record(
      z.string(),
      z.looseObject({ method: askSchema.shape.method, params: z.record(z.string(), z.unknown()).default({}) }),
    )
    .optional(),
  requestState: z.string().optional(),
});

export const asksForInput = (outcome: Outcome): boolean =>
  outcome.kind === "result" && outcome.result["resultType"] === "input_required";

/**
 * For a client of an earlier era at an app of 2026-07-28: what the app asks by its result is asked of the client by
 * requests of the server, and the call is made again with the answers.
 */
export async function resolveInputs(
  first: Outcome,
  again: (params: { inputResponses: Record<string, unknown>; requestState?: string }) => Promise<Outcome>,
  { ask, signal }: Pick<RequestContext, "ask" | "signal">,
): Promise<Outcome> {
  let outcome = first;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (outcome.kind !== "result" || !asksForInput(outcome)) return outcome;
    const asked = inputRequiredSchema.safeParse(outcome.result);
    if (!asked.success) return unanswerable("The app's questions cannot be read");
    const inputResponses: Record<string, unknown> = {};
    for (const [id, question] of Object.entries(asked.data.inputRequests ?? {})) {
      const answer = await askFor(question, ask, signal);
      if (answer.kind !== "result") return answer;
      inputResponses[id] = answer.result;
    }
    const { requestState } = asked.data;
    outcome = await again({ inputResponses, ...(requestState !== undefined && { requestState }) });
  }
  return unanswerable("The app asked too often");
}

/** In the earlier era a link to be opened has an id of its own. */
const askFor = ({ method, params }: Pick<Ask, "method" | "params">, ask: RequestContext["ask"], signal: AbortSignal) =>
  ask({ method, params: params["mode"] === "url" ? { elicitationId: createId("ask"), ...params } : params }, signal);

const unanswerable = (message: string): Outcome => ({ kind: "error", error: { code: -32_603, message } });
