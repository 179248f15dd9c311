import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { ListRow } from "../../../ui/list-row.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import type { AppSummary } from "./app-view.ts";

export function AppPersonas({ personas }: { personas: AppSummary["personas"] }) {
  return (
    <Section title={i18n.t("apps.personas")}>
      <Card className="max-h-120 divide-y divide-line overflow-y-auto">
        {personas.length === 0 && <p className="px-4 py-3.5 text-base text-muted">{i18n.t("apps.noPersonas")}</p>}
        {personas.map(({ personaId, name }) => (
          <ListRow
            key={personaId}
            title={name}
            href={hrefTo({ page: "persona", personaId, tab: "overview" })}
            className="min-h-11"
          />
        ))}
      </Card>
    </Section>
  );
}
