import { useId, useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function AddAccountDialog({ app, open, onClose }: { app: AppRow; open: boolean; onClose: () => void }) {
  const form = useId();
  const [label, setLabel] = useState("");
  const add = useCommand("apps.add-connection");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() === "") return;
    if ((await add.run({ appId: app.appId, label })) !== undefined) onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onClose}
      title={i18n.t("apps.addAccountTitle", { app: app.name })}
      description={i18n.t("apps.addAccountText")}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{i18n.t("ui.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" disabled={label.trim() === ""} pending={add.pending}>
            {i18n.t("apps.addAccount")}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <Field label={i18n.t("apps.accountName")} hint={i18n.t("apps.accountNameHint")} required>
          <Input
            autoFocus
            value={label}
            onChange={(event) => setLabel(event.target.value)}
            maxLength={80}
            autoComplete="off"
          />
        </Field>
        {add.error && <ErrorState error={add.error} />}
      </form>
    </Dialog>
  );
}
