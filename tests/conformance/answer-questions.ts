import type { Ask, Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";

type Question = Pick<Ask, "method" | "params">;

const formSchema = z.looseObject({
  requestedSchema: z.looseObject({
    properties: z.record(z.string(), z.looseObject({ type: z.string().optional(), default: z.unknown().optional() })),
  }),
});
const unansweredSchema = z.looseObject({
  resultType: z.literal("input_required"),
  inputRequests: z.record(z.string(), z.looseObject({ method: z.string(), params: z.looseObject({}) })),
  requestState: z.string().optional(),
});

/** Somebody who says yes and leaves every field of a form as it is given. */
export function answerQuestion({ method, params }: Question): Outcome {
  if (method !== "elicitation/create") return { kind: "error", error: { code: -32_601, message: "Method not found" } };
  const { properties } = formSchema.parse(params).requestedSchema;
  const content = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, field.default ?? EMPTY[field.type ?? "string"]]),
  );
  return { kind: "result", result: { action: "accept", content } };
}

/** What a client says beside its first request once an app has answered it with questions; null when it has none. */
export function answersTo(outcome: Outcome): Record<string, unknown> | null {
  const questions = outcome.kind === "result" ? unansweredSchema.safeParse(outcome.result).data : undefined;
  if (questions === undefined) return null;
  const { inputRequests, requestState } = questions;
  const inputResponses = Object.entries(inputRequests).map(([key, { params }]) => {
    const answer = answerQuestion({ method: "elicitation/create", params });
    return [key, answer.kind === "result" ? answer.result : {}] as const;
  });
  return {
    inputResponses: Object.fromEntries(inputResponses),
    ...(requestState === undefined ? {} : { requestState }),
  };
}

const EMPTY: Record<string, unknown> = { string: "text", number: 2, integer: 2, boolean: true };
