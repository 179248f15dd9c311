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
import { ConnectSteps } from "./connect-steps.tsx";
import { ConnectionFacts } from "./connection-facts.tsx";
import { DisconnectDialog } from "./disconnect-dialog.tsx";
import { HeadersForm } from "./headers-form.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { useConnect } from "./use-connect.ts";

type ConnectionCardProps = { app: AppRow; connection: ConnectionRow; personas: AppSummary["personas"] };

/** One authorised account: who it is, what was granted, and the way to Connected. */
export function ConnectionCard({ app, connection, personas }: ConnectionCardProps) {
  const [dialog, setDialog] = useState<"disconnect" | "headers" | "sign-in" | null>(null);
  const connect = useConnect(app, connection, []);
  const close = () => setDialog(null);
  const saveHeaders = (save: () => Promise<boolean>) =>
    void connect.start(async () => {
      const saved = await save();
      if (saved) close();
      return saved;
    });
  const items: MenuItem[] = [
    ...(app.credential === "headers"
      ? [{ label: i18n.t("apps.changeHeaders"), icon: KeyRound, onSelect: () => setDialog("headers") }]
      : []),
    ...(app.credential === "oauth"
      ? [{ label: i18n.t("apps.otherWays"), icon: KeyRound, onSelect: () => setDialog("sign-in") }]
      : []),
    {
      label: i18n.t("apps.disconnect"),
      icon: Unplug,
      tone: "danger",
      // What was entered may be there although nothing was ever connected.
      disabled: connection.status === "not_connected" && !connection.signIn && connection.problem === null,
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
      <ConnectSteps app={app} connection={connection} connect={connect} />
      <ConnectionFacts connection={connection} />
      <DisconnectDialog
        app={app}
        connection={connection}
        personas={personas}
        open={dialog === "disconnect"}
        onClose={close}
      />
      <Dialog open={dialog === "headers"} onOpenChange={close} title={i18n.t("apps.changeHeaders")}>
        <HeadersForm connection={connection} action={i18n.t("apps.saveAndConnect")} onSubmit={saveHeaders} />
      </Dialog>
      {dialog === "sign-in" && <SignInDialog app={app} connection={connection} connect={connect} onClose={close} />}
    </Card>
  );
}
