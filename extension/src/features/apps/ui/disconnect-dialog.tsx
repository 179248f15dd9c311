import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import type { AppSummary } from "./app-view.ts";
import { PersonaNames } from "./persona-names.tsx";

type DisconnectDialogProps = {
  app: AppRow;
  connection: ConnectionRow;
  personas: AppSummary["personas"];
  open: boolean;
  onClose: () => void;
};

export function DisconnectDialog({ app, connection, personas, open, onClose }: DisconnectDialogProps) {
  const disconnect = useCommand("apps.disconnect");
  const confirm = async () => {
    if (await disconnect.run({ connectionId: connection.connectionId })) onClose();
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={onClose}
      title={i18n.t("apps.disconnectTitle", { account: connection.label, app: app.name })}
      description={i18n.t("apps.disconnectText", { app: app.name })}
      action={i18n.t("apps.disconnect")}
      pending={disconnect.pending}
      error={disconnect.error && <ErrorState error={disconnect.error} />}
      onConfirm={() => void confirm()}
    >
      <PersonaNames personas={personas} lead={i18n.t("apps.disconnectAffects")} />
    </AlertDialog>
  );
}
