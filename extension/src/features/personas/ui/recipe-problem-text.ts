import { i18n } from "#i18n";
import type { RecipeProblem } from "../recipe-draft.ts";

/** What is wrong at one field, or null. `index` is that of the argument. */
export function recipeProblemText(
  problems: readonly RecipeProblem[],
  codes: readonly RecipeProblem["code"][],
  index?: number,
): string | null {
  const problem = problems.find((each) => codes.includes(each.code) && each.index === index);
  return problem === undefined ? null : textOf(problem.code);
}

function textOf(code: RecipeProblem["code"]): string {
  switch (code) {
    case "nameMissing":
      return i18n.t("recipes.nameMissing");
    case "nameWrong":
      return i18n.t("recipes.nameWrong");
    case "nameTaken":
      return i18n.t("recipes.nameTaken");
    case "descriptionLong":
      return i18n.t("recipes.descriptionLong");
    case "textMissing":
      return i18n.t("recipes.textMissing");
    case "textLong":
      return i18n.t("recipes.textLong");
    case "argumentName":
      return i18n.t("recipes.argumentWrong");
    case "argumentRepeated":
      return i18n.t("recipes.argumentRepeated");
    case "argumentDescription":
      return i18n.t("recipes.descriptionLong");
    case "argumentValues":
      return i18n.t("recipes.valuesWrong");
  }
}
