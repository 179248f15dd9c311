import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { NameDialog } from "../../../ui/name-dialog.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function RenameAppDialog({ app, onClose }: { app: AppRow; onClose: () => void }) {
  const rename = useCommand("apps.rename");
  const submit = async (name: string) => {
    if ((await rename.run({ appId: app.appId, name })) !== undefined) onClose();
  };
  return (
    <NameDialog
      title={i18n.t("apps.renameTitle", { app: app.name })}
      label={i18n.t("apps.name")}
      hint={i18n.t("apps.renameHint")}
      value={app.name}
      action={i18n.t("apps.rename")}
      command={rename}
      onSubmit={(name) => void submit(name)}
      onClose={onClose}
    />
  );
}
