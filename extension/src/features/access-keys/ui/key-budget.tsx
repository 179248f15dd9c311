import type { Budget, Usage } from "@agent-personas/shared/api/limits";
import { i18n } from "#i18n";
import { usageLine, worstLevel } from "../../../lib/usage-line.ts";
import { countText, moneyText } from "../../../ui/money-text.ts";
import { LevelBadge } from "../../../ui/usage-meter.tsx";

/** A key's monthly budget in a line, with what is used where that is known. */
export function KeyBudget({ budget, usage }: { budget: Budget; usage: Usage | null }) {
  if (budget.calls === null && budget.cents === null) return null;
  const calls = usageLine(usage?.calls ?? 0, budget.calls);
  const cents = usageLine(usage?.cents ?? 0, budget.cents);
  const parts = [
    ...(calls.limit === null
      ? []
      : [partText(usage && countText(calls.used), i18n.t("keys.budgetCalls", calls.limit, [countText(calls.limit)]))]),
    ...(cents.limit === null ? [] : [partText(usage && moneyText(cents.used), moneyText(cents.limit))]),
  ];
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted tabular-nums md:col-span-2">
      {i18n.t("keys.budgetThisMonth", { budget: parts.join(" · ") })}
      {usage !== null && <LevelBadge level={worstLevel([calls, cents])} />}
    </p>
  );
}

const partText = (used: string | null, limit: string): string =>
  used === null ? limit : i18n.t("usage.used", { used, limit });
