import { addressOf } from "@agent-personas/shared/primitives/endpoint";
import { Pencil, Drama } from "lucide-react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo, navigate, type PersonaTab } from "../../../ui/route.ts";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import type { Live } from "../../../ui/use-live.ts";
import { AuthenticationTab } from "./authentication-tab.tsx";
import { ChangedToolsNotice } from "./changed-tools-notice.tsx";
import { OfferedVersion } from "./offered-version.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { PersonaMenu } from "./persona-menu.tsx";
import { PersonaStatusDot } from "./persona-status.tsx";
import { ToolsTab } from "./tools-tab.tsx";
import type { PersonaPanels } from "./persona-panels.ts";
import type { PersonaView } from "./use-personas.ts";

type PersonaPageProps = { live: Live<PersonaView | null>; tab: PersonaTab; panels: PersonaPanels };

export function PersonaPage({ live, tab, panels }: PersonaPageProps) {
  if (live.state === "failed") return <ErrorState error={live.error} />;
  if (live.state === "loading") {
    return (
      <Card>
        <SkeletonRows />
      </Card>
    );
  }
  if (live.value === null) return <NoPersona />;
  return <LoadedPersona view={live.value} tab={tab} panels={panels} />;
}

function LoadedPersona({ view, tab, panels }: { view: PersonaView; tab: PersonaTab; panels: PersonaPanels }) {
  const { summary, row, relayUrl } = view;
  const { personaId } = row;
  const name = plainLine(summary.name);
  const endpoint = relayUrl === null ? null : addressOf(relayUrl, summary);
  return (
    <>
      <PageHeader
        title={name}
        back={{ href: hrefTo({ page: "personas" }), label: i18n.t("personas.title") }}
        meta={
          <>
            <PersonaStatusDot status={summary.status} />
            {endpoint !== null && (
              <span className="flex min-w-0 items-center gap-1.5">
                <span className="text-sm text-muted max-sm:sr-only">{i18n.t("personas.endpoint")}</span>
                <code dir="ltr" className="min-w-0 font-mono text-sm break-all text-muted">
                  {endpoint}
                </code>
                <CopyButton iconOnly size="sm" text={endpoint} label={i18n.t("personas.copyEndpoint")} />
              </span>
            )}
          </>
        }
        actions={
          <>
            <Button asChild>
              <a href={hrefTo({ page: "persona-edit", personaId })}>
                <Pencil aria-hidden />
                {i18n.t("personas.edit")}
              </a>
            </Button>
            <PersonaMenu persona={summary} onDeleted={() => navigate({ page: "personas" }, { replace: true })} />
          </>
        }
      />
      <div className="flex flex-col gap-5">
        {row.offered !== null && <OfferedVersion row={row} offered={row.offered} />}
        <ChangedToolsNotice view={view} />
        {panels.limitNotice}
        <Tabs
          label={i18n.t("personas.tabs", { name })}
          value={tab}
          onChange={(next) => navigate({ page: "persona", personaId, tab: next }, { replace: true })}
          items={[
            {
              value: "overview",
              label: i18n.t("personas.tabOverview"),
              content: <OverviewTab view={view} panels={panels} />,
            },
            {
              value: "tools",
              label: i18n.t("personas.tabTools"),
              aside: summary.tools,
              content: <ToolsTab view={view} callers={panels.callers} />,
            },
            {
              value: "authentication",
              label: i18n.t("personas.tabAuthentication"),
              content: <AuthenticationTab view={view} panels={panels} />,
            },
          ]}
        />
      </div>
    </>
  );
}

const NoPersona = () => (
  <>
    <PageHeader
      title={i18n.t("personas.gone")}
      back={{ href: hrefTo({ page: "personas" }), label: i18n.t("personas.title") }}
    />
    <Card>
      <EmptyState
        icon={Drama}
        title={i18n.t("personas.gone")}
        text={i18n.t("personas.goneText")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "personas" })}>{i18n.t("personas.toList")}</a>
          </Button>
        }
      />
    </Card>
  </>
);
