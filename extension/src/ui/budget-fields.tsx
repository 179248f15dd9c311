import { i18n } from "#i18n";
import type { BudgetText } from "../lib/budget-text.ts";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

type BudgetFieldsProps = {
  value: BudgetText;
  onChange: (value: BudgetText) => void;
  /** What is wrong with each, in words. */
  errors: { calls: string | null; dollars: string | null };
};

/** A monthly budget: calls and cost, each empty for no limit. */
export const BudgetFields = ({ value, onChange, errors }: BudgetFieldsProps) => (
  <div className="grid items-start gap-4 sm:grid-cols-2">
    <Field label={i18n.t("usage.callsField")} error={errors.calls} hint={i18n.t("usage.emptyHint")}>
      <Input
        value={value.calls}
        onChange={(event) => onChange({ ...value, calls: event.target.value })}
        inputMode="numeric"
        autoComplete="off"
        placeholder={i18n.t("usage.noLimit")}
      />
    </Field>
    <Field label={i18n.t("usage.costField")} error={errors.dollars} hint={i18n.t("usage.costHint")}>
      <Input
        value={value.dollars}
        onChange={(event) => onChange({ ...value, dollars: event.target.value })}
        inputMode="decimal"
        autoComplete="off"
        placeholder={i18n.t("usage.noLimit")}
      />
    </Field>
  </div>
);
