import { useId, useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function RenameAppDialog({ app, open, onClose }: { app: AppRow; open: boolean; onClose: () => void }) {
  const form = useId();
  const [name, setName] = useState(app.name);
  const rename = useCommand("apps.rename");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    if ((await rename.run({ appId: app.appId, name })) !== undefined) onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onClose}
      title={i18n.t("apps.renameTitle", { app: app.name })}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("ui.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" disabled={name.trim() === ""} pending={rename.pending}>
            {i18n.t("apps.rename")}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <Field label={i18n.t("apps.name")} hint={i18n.t("apps.renameHint")} required>
          <Input
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={80}
            autoComplete="off"
          />
        </Field>
        {rename.error && <ErrorState error={rename.error} />}
      </form>
    </Dialog>
  );
}
