import type { Price } from "@agent-personas/shared/persona/price";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { draftOfPrice, isEmptyPrice, NO_PRICE_DRAFT, readPrice, USUAL_UNIT, type PriceDraft } from "../price-draft.ts";
import { priceText } from "./price-badge.tsx";

type PriceFieldsProps = {
  value: PriceDraft | undefined;
  /** What the app itself says. */
  stated: Price | null;
  /** undefined takes the own price away. */
  onChange: (value: PriceDraft | undefined) => void;
};

/** What a call of a tool costs. Budgets count the upper end; AI clients read it in the tool's description. */
export function PriceFields({ value = NO_PRICE_DRAFT, stated, onChange }: PriceFieldsProps) {
  const { problems } = readPrice(value);
  const placeholder = stated === null ? { ...NO_PRICE_DRAFT, unit: USUAL_UNIT } : draftOfPrice(stated);
  const set = (change: Partial<PriceDraft>) => {
    const next = { ...value, ...change };
    onChange(isEmptyPrice(next) ? undefined : next);
  };
  const amountError = problems.includes("missing") ? i18n.t("price.missing") : null;
  const orderError = problems.includes("order") ? i18n.t("price.order") : null;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="text-sm font-medium">{i18n.t("price.title")}</legend>
      <p className="text-sm text-muted">
        {stated === null ? i18n.t("price.hint") : i18n.t("price.statedHint", { price: priceText(stated) })}
      </p>
      <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-3">
        <Field
          label={i18n.t("price.min")}
          error={problems.includes("min") ? i18n.t("price.wrong") : (amountError ?? orderError)}
        >
          <Input
            value={value.min}
            onChange={(event) => set({ min: event.target.value })}
            inputMode="decimal"
            autoComplete="off"
            placeholder={placeholder.min}
          />
        </Field>
        <Field label={i18n.t("price.max")} error={problems.includes("max") ? i18n.t("price.wrong") : null}>
          <Input
            value={value.max}
            onChange={(event) => set({ max: event.target.value })}
            inputMode="decimal"
            autoComplete="off"
            placeholder={placeholder.max}
          />
        </Field>
        <Field label={i18n.t("price.unit")} error={problems.includes("unitLong") ? i18n.t("price.unitLong") : null}>
          <Input
            value={value.unit}
            onChange={(event) => set({ unit: event.target.value })}
            autoComplete="off"
            placeholder={plainLine(placeholder.unit)}
          />
        </Field>
      </div>
      <Field label={i18n.t("price.note")} error={problems.includes("noteLong") ? i18n.t("price.noteLong") : null}>
        <Input
          value={value.note}
          onChange={(event) => set({ note: event.target.value })}
          autoComplete="off"
          placeholder={plainLine(placeholder.note)}
        />
      </Field>
    </fieldset>
  );
}
