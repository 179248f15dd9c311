import { budgetSchema, type Budget } from "@agent-personas/shared/api/limits";
import { readDecimal, readWhole, type TypedNumber } from "./typed-number.ts";

/** A monthly budget while it is typed; empty is no limit. */
export type BudgetText = { calls: string; dollars: string };
export type BudgetProblem = "calls" | "dollars";

export const NO_BUDGET_TEXT: BudgetText = { calls: "", dollars: "" };

export const textOfBudget = ({ calls, cents }: Budget): BudgetText => ({
  calls: calls === null ? "" : String(calls),
  dollars: cents === null ? "" : dollarsOf(cents),
});

/** What is wrong with what was typed; `budget` counts once nothing is. */
export function readBudget(text: BudgetText): { budget: Budget; problems: BudgetProblem[] } {
  const calls = readWhole(text.calls);
  const dollars = readDecimal(text.dollars, 2);
  const cents = typeof dollars === "number" ? Math.round(dollars * 100) : dollars;
  const problems: BudgetProblem[] = [];
  if (!fits("calls", calls)) problems.push("calls");
  if (!fits("cents", cents)) problems.push("dollars");
  return { budget: { calls: valueOf(calls), cents: valueOf(cents) }, problems };
}

const fits = (member: keyof Budget, typed: TypedNumber): boolean =>
  typed !== "wrong" && budgetSchema.shape[member].safeParse(typed).success;

const valueOf = (typed: TypedNumber): number | null => (typed === "wrong" ? null : typed);

const dollarsOf = (cents: number): string => (cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2));
