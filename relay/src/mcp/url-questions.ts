import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";

/** How earlier revisions say that a person has to open a link before the call can be made. */
const URL_NEEDED = -32_042;
/** Links in one answer. */
const MAX_LINKS = 16;

const neededSchema = z.object({
  elicitations: z
    .array(z.looseObject({ mode: z.literal("url"), url: z.string(), message: z.string() }))
    .min(1)
    .max(MAX_LINKS),
});

/** A question of 2026-07-28 for each link that an app of an earlier revision wants to be opened; null for any other outcome. */
export function urlQuestions(outcome: Outcome): Record<string, unknown> | null {
  if (outcome.kind !== "error" || outcome.error.code !== URL_NEEDED) return null;
  const needed = neededSchema.safeParse(outcome.error.data);
  if (!needed.success) return null;
  return Object.fromEntries(
    needed.data.elicitations.map(({ elicitationId: _of, ...params }, n) => [
      `link_${n + 1}`,
      { method: "elicitation/create", params },
    ]),
  );
}

const acceptedSchema = z.looseObject({ action: z.literal("accept") });

/** Whether the person agreed to all that was asked. */
export const allAccepted = (answers: Readonly<Record<string, unknown>>): boolean =>
  Object.values(answers).length > 0 && Object.values(answers).every((each) => acceptedSchema.safeParse(each).success);

export const declined: Outcome = {
  kind: "error",
  error: { code: -32_000, message: "The person did not open the link that the app needs to be opened" },
};
