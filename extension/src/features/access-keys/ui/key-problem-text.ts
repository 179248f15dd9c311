import { i18n } from "#i18n";
import type { KeyFormProblem } from "../key-form.ts";

export function nameProblemText(problems: readonly KeyFormProblem[]): string | null {
  if (problems.includes("nameMissing")) return i18n.t("keys.nameMissing");
  return problems.includes("nameLong") ? i18n.t("keys.nameLong") : null;
}

export function scopeProblemText(problems: readonly KeyFormProblem[]): string | null {
  if (problems.includes("noScope")) return i18n.t("keys.noScope");
  return problems.includes("noTools") ? i18n.t("keys.noTools") : null;
}
