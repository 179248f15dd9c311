import { Ellipsis, KeyRound, Unplug } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { AppStatus } from "../../../ui/app-status.tsx";
import { Card } from "../../../ui/card.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { DropdownMenu, type MenuItem } from "../../../ui/dropdown-menu.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import type { AppSummary } from "./app-view.ts";
import { ConnectPanel } from "./connect-panel.tsx";
import { ConnectionFacts } from "./connection-facts.tsx";
import { DisconnectDialog } from "./disconnect-dialog.tsx";
import { HeadersForm } from "./headers-form.tsx";
import { OwnClientForm } from "./own-client-form.tsx";
import { useConnect } from "./use-connect.ts";

type ConnectionCardProps = { app: AppRow; connection: ConnectionRow; personas: AppSummary["personas"] };

/** One authorised account: who it is, what was granted, and the way to Connected. */
export function ConnectionCard({ app, connection, personas }: ConnectionCardProps) {
  const [dialog, setDialog] = useState<"disconnect" | "credential" | null>(null);
  const connect = useConnect(app, connection, []);
  const close = () => setDialog(null);
  const saveAndConnect = (save: () => Promise<boolean>) =>
    connect.start(async () => {
      const saved = await save();
      if (saved) close();
      return saved;
    });
  const items: MenuItem[] = [
    ...(app.credential === "headers"
      ? [{ label: i18n.t("apps.changeHeaders"), icon: KeyRound, onSelect: () => setDialog("credential") }]
      : []),
    ...(app.credential === "oauth"
      ? [{ label: i18n.t("apps.useOwnClient"), icon: KeyRound, onSelect: () => setDialog("credential") }]
      : []),
    {
      label: i18n.t("apps.disconnect"),
      icon: Unplug,
      tone: "danger",
      disabled: connection.status === "not_connected",
      onSelect: () => setDialog("disconnect"),
    },
  ];
  return (
    <Card className="flex flex-col gap-4 p-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate text-base font-medium">{connection.label}</p>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
            <AppStatus status={connection.status} />
            <span>
              {i18n.t("apps.lastChecked")} <RelativeTime at={connection.statusAt} />
            </span>
          </div>
        </div>
        <DropdownMenu items={items}>
          <IconButton label={i18n.t("apps.moreFor", { account: connection.label })} size="sm">
            <Ellipsis aria-hidden />
          </IconButton>
        </DropdownMenu>
      </div>
      <ConnectPanel app={app} connection={connection} />
      <ConnectionFacts connection={connection} />
      <DisconnectDialog
        app={app}
        connection={connection}
        personas={personas}
        open={dialog === "disconnect"}
        onClose={close}
      />
      <Dialog
        open={dialog === "credential"}
        onOpenChange={close}
        title={app.credential === "headers" ? i18n.t("apps.changeHeaders") : i18n.t("apps.useOwnClient")}
      >
        {app.credential === "headers" ? (
          <HeadersForm connection={connection} action={i18n.t("apps.saveAndConnect")} onSubmit={saveAndConnect} />
        ) : (
          <OwnClientForm connection={connection} redirectUri={undefined} onSubmit={saveAndConnect} />
        )}
      </Dialog>
    </Card>
  );
}
