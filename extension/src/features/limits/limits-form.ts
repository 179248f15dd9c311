import { rateSchema, type LimitSettings } from "@agent-personas/shared/api/limits";
import { readBudget, textOfBudget, type BudgetProblem, type BudgetText } from "../../lib/budget-text.ts";
import { readWhole } from "../../lib/typed-number.ts";

/** What the limits dialog holds. An empty rate leaves it to the relay or, for a persona, to the person's. */
export type LimitsForm = { rate: string; budget: BudgetText };
export type LimitsProblem = "rate" | "rateAboveRelay" | BudgetProblem | "callsAboveRelay" | "dollarsAboveRelay";

export const formOfLimits = ({ requestsPerMinute, budget }: LimitSettings): LimitsForm => ({
  rate: requestsPerMinute === null ? "" : String(requestsPerMinute),
  budget: textOfBudget(budget),
});

/** What was typed, and what is wrong with it; nobody gets beyond the relay's own numbers. */
export function readLimits(
  form: LimitsForm,
  relay: LimitSettings,
): { limits: LimitSettings; problems: LimitsProblem[] } {
  const rate = readWhole(form.rate);
  const { budget, problems: wrong } = readBudget(form.budget);
  const problems: LimitsProblem[] = [...wrong];
  if (rate === "wrong" || !rateSchema.safeParse(rate).success) problems.push("rate");
  else if (isAbove(rate, relay.requestsPerMinute)) problems.push("rateAboveRelay");
  if (isAbove(budget.calls, relay.budget.calls)) problems.push("callsAboveRelay");
  if (isAbove(budget.cents, relay.budget.cents)) problems.push("dollarsAboveRelay");
  return { limits: { requestsPerMinute: rate === "wrong" ? null : rate, budget }, problems };
}

const isAbove = (own: number | null, relay: number | null): boolean => own !== null && relay !== null && own > relay;
