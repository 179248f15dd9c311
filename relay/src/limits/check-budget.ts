import type { Budget } from "@agent-personas/shared/api/limits";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Amount } from "../store/monthly-usage.ts";

/** Thousandths, in which usage is counted. */
export const MILLICENTS = 1_000;

const WHOSE = { person: "this person", persona: "this persona", key: "this access key", owner: "this persona's owner" };

/**
 * `owner` is a person as somebody hears of it who may not know how much that person may use.
 * @throws AppError `budget_exceeded` when `next` does not fit in what is left of `budget`.
 */
export function checkBudget(
  whose: keyof typeof WHOSE,
  budget: Budget,
  spent: { used: Amount; reserved: Amount; next: Amount; resetsAt: number },
): void {
  const { used, reserved, next } = spent;
  const refuse = (limit: string): AppError =>
    new AppError("budget_exceeded", {
      detail: {
        whose: WHOSE[whose],
        ...(whose !== "owner" && { limit }),
        resets: new Date(spent.resetsAt).toISOString().slice(0, 10),
      },
    });
  if (budget.calls !== null && used.calls + reserved.calls + next.calls > budget.calls) {
    throw refuse(`${budget.calls} ${budget.calls === 1 ? "call" : "calls"}`);
  }
  if (next.millicents === 0 || budget.cents === null) return;
  if (used.millicents + reserved.millicents + next.millicents > budget.cents * MILLICENTS) {
    throw refuse(`${budget.cents} ${budget.cents === 1 ? "cent" : "cents"}`);
  }
}
