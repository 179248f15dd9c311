import type { LimitsOverview } from "@agent-personas/shared/api/limits";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { countText } from "../../../ui/money-text.ts";
import { Section } from "../../../ui/section.tsx";
import { budgetLines, effectiveRate } from "../limits-view.ts";
import { BudgetMeters } from "./budget-meters.tsx";
import { LimitsDialog } from "./limits-dialog.tsx";

/** What a person's clients may use all together. */
export function OwnLimits({ overview, onSaved }: { overview: LimitsOverview; onSaved: () => void }) {
  const [editing, setEditing] = useState(false);
  const { person, relay } = overview;
  const rate = effectiveRate(overview);
  const byRelay = rate !== null && rate !== person.requestsPerMinute;
  return (
    <Section
      title={i18n.t("limits.own")}
      description={i18n.t("limits.ownText")}
      actions={
        <Button size="sm" onClick={() => setEditing(true)}>
          <Pencil aria-hidden />
          {i18n.t("limits.editOwn")}
        </Button>
      }
    >
      <Card className="flex flex-col gap-5 p-4">
        <div>
          <p className="text-sm text-muted">{i18n.t("limits.rate")}</p>
          <p className="mt-1.5 text-base tabular-nums">
            {rate === null ? i18n.t("usage.noLimit") : i18n.t("limits.perMinute", rate, [countText(rate)])}
            {byRelay && <span className="text-muted"> {i18n.t("usage.byRelay")}</span>}
          </p>
        </div>
        <BudgetMeters lines={budgetLines(person.usage, person.budget, relay.budget)} />
      </Card>
      {editing && (
        <LimitsDialog
          persona={null}
          settings={{ requestsPerMinute: person.requestsPerMinute, budget: person.budget }}
          relay={relay}
          onClose={() => setEditing(false)}
          onSaved={onSaved}
        />
      )}
    </Section>
  );
}
