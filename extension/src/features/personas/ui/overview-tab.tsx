import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { priceOf } from "@agent-personas/shared/persona/price";
import { i18n } from "#i18n";
import { compareNames } from "../../../lib/compare-names.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { cn } from "../../../ui/cn.ts";
import { RiskBadge } from "../../../ui/risk-badge.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { callersBring, toolsInReach } from "../callers-bring.ts";
import { AppAuthentication } from "./app-authentication.tsx";
import type { PersonaPanels } from "./persona-panels.ts";
import { PriceBadge } from "./price-badge.tsx";
import { PersonaDetails } from "./persona-details.tsx";
import { RecipesSection } from "./recipes-section.tsx";
import type { PersonaView } from "./use-personas.ts";

const TOOLS_SHOWN = 8;

/** What the persona is, what keeps it from working, and how clients reach it. */
export function OverviewTab({ view, panels }: { view: PersonaView; panels: PersonaPanels }) {
  const connect = panels.connect;
  // Until a client has called, connecting one is the next thing to do.
  const fresh = view.row.lastUsedAt === null;
  return (
    <div className="flex flex-col gap-8">
      {fresh && connect}
      <PersonaDetails view={view} />
      <AppAuthentication view={view} connectApp={panels.connectApp} />
      {panels.keySummary}
      {!fresh && connect}
      {view.row.accepted.tools.length > 0 && <AvailableTools view={view} />}
      <RecipesSection view={view} />
    </div>
  );
}

function availableText(accepted: PersonaVersion): string {
  if (callersBring(accepted) === "all") return i18n.t("passthrough.availableToolsText");
  return accepted.search === undefined ? i18n.t("personas.availableToolsText") : i18n.t("personas.searchedToolsText");
}

function AvailableTools({ view }: { view: PersonaView }) {
  const { personaId, accepted } = view.row;
  const inReach = toolsInReach(accepted);
  const out = accepted.tools.length - inReach.length;
  const favourites = new Set(accepted.search?.favourites);
  const shown = inReach
    .toSorted(
      (a, b) =>
        Number(favourites.has(b.exposedName)) - Number(favourites.has(a.exposedName)) ||
        compareNames(a.exposedName, b.exposedName),
    )
    .slice(0, TOOLS_SHOWN);
  return (
    <Section
      title={i18n.t("personas.availableTools")}
      description={availableText(accepted)}
      actions={
        <Button asChild size="sm" variant="ghost">
          <a href={hrefTo({ page: "persona", personaId, tab: "tools" })}>
            {i18n.t("personas.showTools", accepted.tools.length)}
          </a>
        </Button>
      }
    >
      <Card>
        <ul aria-label={i18n.t("personas.availableTools")} className="divide-y divide-line">
          {shown.map((tool) => (
            <li
              key={tool.exposedName}
              className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 py-2"
            >
              <code className="min-w-0 font-mono text-sm break-all">{tool.exposedName}</code>
              <span className="flex flex-wrap items-center gap-1.5">
                {favourites.has(tool.exposedName) && <Badge>{i18n.t("personas.favourite")}</Badge>}
                <PriceBadge price={priceOf(tool)} />
                <RiskBadge riskClass={tool.riskClass} />
              </span>
            </li>
          ))}
        </ul>
        {out > 0 && (
          <p className={cn("px-4 py-2.5 text-sm text-muted", shown.length > 0 && "border-t border-line")}>
            {i18n.t("passthrough.outOfReach", out)}
          </p>
        )}
      </Card>
    </Section>
  );
}
