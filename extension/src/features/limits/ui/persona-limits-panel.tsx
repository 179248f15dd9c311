import { Pencil } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { countText } from "../../../ui/money-text.ts";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { personaLimits } from "../limits-view.ts";
import { BudgetMeters } from "./budget-meters.tsx";
import { LimitsDialog } from "./limits-dialog.tsx";
import { ResetsAt } from "./resets-at.tsx";
import type { Limits } from "./use-limits.ts";

type PersonaLimitsPanelProps = { persona: { personaId: string; name: string }; limits: Limits };

/** The limits of one persona on its own page. */
export function PersonaLimitsPanel({ persona, limits }: PersonaLimitsPanelProps) {
  const [editing, setEditing] = useState(false);
  const { overview, error, state, reload } = limits;
  const view = overview === null ? null : personaLimits(overview, persona);
  return (
    <Section
      title={i18n.t("limits.title")}
      description={i18n.t("limits.personaText")}
      actions={
        <>
          <Button asChild size="sm" variant="ghost">
            <a href={hrefTo({ page: "limits" })}>{i18n.t("limits.all")}</a>
          </Button>
          {view !== null && (
            <Button size="sm" onClick={() => setEditing(true)}>
              <Pencil aria-hidden />
              {i18n.t("limits.edit")}
            </Button>
          )}
        </>
      }
    >
      {error && <ErrorState error={error} onRetry={() => void reload()} />}
      {state === "loading" && (
        <Card>
          <SkeletonRows rows={1} />
        </Card>
      )}
      {overview !== null && view !== null && (
        <Card className="flex flex-col gap-5 p-4">
          <div>
            <p className="text-sm text-muted">{i18n.t("limits.rate")}</p>
            <p className="mt-1.5 text-base tabular-nums">
              {view.settings.requestsPerMinute === null
                ? i18n.t("limits.rateOfPerson")
                : i18n.t("limits.perMinute", view.settings.requestsPerMinute, [
                    countText(view.settings.requestsPerMinute),
                  ])}
            </p>
          </div>
          <BudgetMeters lines={view.lines} />
          <ResetsAt at={overview.resetsAt} className="text-sm text-muted" />
        </Card>
      )}
      {editing && overview !== null && view !== null && (
        <LimitsDialog
          persona={persona}
          settings={view.settings}
          relay={overview.relay}
          onClose={() => setEditing(false)}
          onSaved={() => void reload()}
        />
      )}
    </Section>
  );
}
