import { i18n } from "#i18n";
import { countText, moneyText } from "../../../ui/money-text.ts";
import { UsageMeter } from "../../../ui/usage-meter.tsx";
import type { BudgetLines } from "../limits-view.ts";

/** Calls and cost of this month, side by side. */
export const BudgetMeters = ({ lines }: { lines: BudgetLines }) => (
  <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
    <UsageMeter label={i18n.t("usage.calls")} line={lines.calls} format={countText} />
    <UsageMeter label={i18n.t("usage.cost")} line={lines.cents} format={moneyText} />
  </div>
);
