import type { LimitsOverview } from "@agent-personas/shared/api/limits";
import { Drama } from "lucide-react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { listPersonaLimits } from "../limits-view.ts";
import { OwnLimits } from "./own-limits.tsx";
import { PersonaLimitsRow } from "./persona-limits-row.tsx";
import { RelayLimits } from "./relay-limits.tsx";
import { ResetsAt } from "./resets-at.tsx";
import { useLimits } from "./use-limits.ts";

/** Settings → Limits: what clients may use, and what this month has used. */
export function LimitsPage() {
  const { state, overview, error, reload } = useLimits();
  return (
    <>
      <PageHeader
        title={i18n.t("limits.title")}
        description={i18n.t("limits.intro")}
        back={{ href: hrefTo({ page: "settings" }), label: i18n.t("settings.title") }}
        {...(overview !== null && { meta: <ResetsAt at={overview.resetsAt} className="text-sm text-muted" /> })}
      />
      <div className="flex max-w-3xl flex-col gap-9">
        {error && (
          <ErrorState
            error={error}
            onRetry={() => void reload()}
            {...(error.code === "not_paired" && {
              action: (
                <Button asChild size="sm">
                  <a href={hrefTo({ page: "welcome" })}>{i18n.t("tunnel.pair")}</a>
                </Button>
              ),
            })}
          />
        )}
        {state === "loading" && (
          <Card>
            <SkeletonRows rows={4} />
          </Card>
        )}
        {overview !== null && (
          <>
            <OwnLimits overview={overview} onSaved={() => void reload()} />
            <PersonasSection overview={overview} onSaved={() => void reload()} />
            <RelayLimits relay={overview.relay} />
          </>
        )}
      </div>
    </>
  );
}

function PersonasSection({ overview, onSaved }: { overview: LimitsOverview; onSaved: () => void }) {
  const personas = useLive(async (database) =>
    (await database.personas.toArray()).map(({ personaId, accepted }) => ({
      personaId,
      name: plainLine(accepted.name),
    })),
  );
  return (
    <Section title={i18n.t("limits.personas")} description={i18n.t("limits.personasText")}>
      {personas.state === "failed" && <ErrorState error={personas.error} />}
      {personas.state === "ready" && (
        <Card>
          {personas.value.length === 0 ? (
            <EmptyState
              icon={Drama}
              title={i18n.t("personas.empty")}
              text={i18n.t("limits.personasEmpty")}
              className="py-8"
            />
          ) : (
            <ul aria-label={i18n.t("limits.personas")} className="divide-y divide-line">
              {listPersonaLimits(overview, personas.value).map((persona) => (
                <PersonaLimitsRow key={persona.personaId} persona={persona} relay={overview.relay} onSaved={onSaved} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </Section>
  );
}
