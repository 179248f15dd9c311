import { i18n } from "#i18n";
import type { KeyFormProblem } from "../key-form.ts";

export function nameProblemText(problems: readonly KeyFormProblem[]): string | null {
  if (problems.includes("nameMissing")) return i18n.t("keys.nameMissing");
  return problems.includes("nameLong") ? i18n.t("keys.nameLong") : null;
}

export const budgetProblemTexts = (problems: readonly KeyFormProblem[]) => ({
  calls: problems.includes("budgetCalls") ? i18n.t("usage.callsWrong") : null,
  dollars: problems.includes("budgetCost") ? i18n.t("usage.costWrong") : null,
});

export function scopeProblemText(problems: readonly KeyFormProblem[]): string | null {
  if (problems.includes("noScope")) return i18n.t("keys.noScope");
  return problems.includes("noTools") ? i18n.t("keys.noTools") : null;
}
