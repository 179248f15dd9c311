import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { NameDialog } from "../../../ui/name-dialog.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function AddAccountDialog({ app, onClose }: { app: AppRow; onClose: () => void }) {
  const add = useCommand("apps.add-connection");
  const submit = async (label: string) => {
    if ((await add.run({ appId: app.appId, label })) !== undefined) onClose();
  };
  return (
    <NameDialog
      title={i18n.t("apps.addAccountTitle", { app: app.name })}
      description={i18n.t("apps.addAccountText")}
      label={i18n.t("apps.accountName")}
      hint={i18n.t("apps.accountNameHint")}
      value=""
      action={i18n.t("apps.addAccount")}
      command={add}
      onSubmit={(label) => void submit(label)}
      onClose={onClose}
    />
  );
}
