import { Ellipsis, Pencil, RefreshCw, UserPlus, Boxes } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { AppStatus } from "../../../ui/app-status.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { DropdownMenu } from "../../../ui/dropdown-menu.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { useLive } from "../../../ui/use-live.ts";
import { AddAccountDialog } from "./add-account-dialog.tsx";
import { AppDetails } from "./app-details.tsx";
import { AppDangerZone } from "./app-danger-zone.tsx";
import { AppPersonas } from "./app-personas.tsx";
import { AppTools } from "./app-tools.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { readApp, type AppDetail } from "./read-app.ts";
import { RenameAppDialog } from "./rename-app-dialog.tsx";

export function AppPage({ appId }: { appId: string }) {
  const detail = useLive((database) => readApp(database, appId), appId);
  if (detail.state === "failed") return <ErrorState error={detail.error} />;
  if (detail.state === "loading") {
    return (
      <Card>
        <SkeletonRows />
      </Card>
    );
  }
  return detail.value ? <Loaded detail={detail.value} /> : <Gone />;
}

function Gone() {
  return (
    <>
      <PageHeader
        title={i18n.t("apps.goneTitle")}
        back={{ href: hrefTo({ page: "apps" }), label: i18n.t("apps.title") }}
      />
      <EmptyState
        icon={Boxes}
        title={i18n.t("apps.goneTitle")}
        text={i18n.t("apps.goneText")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "apps" })}>{i18n.t("apps.toApps")}</a>
          </Button>
        }
      />
    </>
  );
}

function Loaded({ detail }: { detail: AppDetail }) {
  const { app, connections, status, personas } = detail;
  const [dialog, setDialog] = useState<"rename" | "account" | null>(null);
  const refresh = useCommand("apps.refresh-tools");
  const connected = connections.filter((connection) => connection.status === "connected");
  const refreshAll = async () => {
    for (const { connectionId } of connected) await refresh.run({ connectionId });
  };
  const close = () => setDialog(null);
  return (
    <>
      <PageHeader
        title={app.name}
        back={{ href: hrefTo({ page: "apps" }), label: i18n.t("apps.title") }}
        icon={<AppIcon name={app.name} url={app.url} size="lg" />}
        meta={
          <>
            {status !== null && <AppStatus status={status} />}
            <span className="text-sm break-all text-muted" dir="ltr">
              {app.url}
            </span>
          </>
        }
        actions={
          <>
            <Button pending={refresh.pending} disabled={connected.length === 0} onClick={() => void refreshAll()}>
              {!refresh.pending && <RefreshCw aria-hidden />}
              {i18n.t("apps.refreshTools")}
            </Button>
            <DropdownMenu
              items={[
                { label: i18n.t("apps.rename"), icon: Pencil, onSelect: () => setDialog("rename") },
                { label: i18n.t("apps.addAccount"), icon: UserPlus, onSelect: () => setDialog("account") },
              ]}
            >
              <IconButton label={i18n.t("apps.more")} variant="secondary">
                <Ellipsis aria-hidden />
              </IconButton>
            </DropdownMenu>
          </>
        }
      />
      <div className="flex flex-col gap-8">
        {refresh.error && <ErrorState error={refresh.error} />}
        <Section title={i18n.t("apps.connections", connections.length)}>
          <div className="flex flex-col gap-3">
            {connections.map((connection) => (
              <ConnectionCard key={connection.connectionId} app={app} connection={connection} personas={personas} />
            ))}
          </div>
        </Section>
        <AppTools connections={connections} />
        <AppPersonas personas={personas} />
        <AppDetails app={app} />
        <AppDangerZone app={app} personas={personas} />
      </div>
      {dialog === "rename" && <RenameAppDialog app={app} onClose={close} />}
      {dialog === "account" && <AddAccountDialog app={app} onClose={close} />}
    </>
  );
}
