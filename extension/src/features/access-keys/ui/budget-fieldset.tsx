import { i18n } from "#i18n";
import { BudgetFields } from "../../../ui/budget-fields.tsx";
import type { KeyForm, KeyFormProblem } from "../key-form.ts";
import { budgetProblemTexts } from "./key-problem-text.ts";

type BudgetFieldsetProps = {
  form: KeyForm;
  onChange: (form: KeyForm) => void;
  problems: readonly KeyFormProblem[];
};

/** What the key may use in a month, on top of what holds for its persona and its person. */
export const BudgetFieldset = ({ form, onChange, problems }: BudgetFieldsetProps) => (
  <fieldset className="flex flex-col gap-2">
    <legend className="text-sm font-medium">{i18n.t("keys.budget")}</legend>
    <p className="mb-1 text-sm text-muted">{i18n.t("keys.budgetHint")}</p>
    <BudgetFields
      value={form.budget}
      onChange={(budget) => onChange({ ...form, budget })}
      errors={budgetProblemTexts(problems)}
    />
  </fieldset>
);
