import type { Device } from "@agent-personas/shared/api/devices";
import { useId, useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function RenameDeviceDialog({ device, onClose }: { device: Device; onClose: (changed: boolean) => void }) {
  const form = useId();
  const [name, setName] = useState(device.name);
  const rename = useCommand("devices.rename");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    if ((await rename.run({ deviceId: device.deviceId, name })) !== undefined) onClose(true);
  };
  return (
    <Dialog
      open
      onOpenChange={() => onClose(false)}
      title={i18n.t("settings.renameTitle")}
      size="sm"
      footer={
        <>
          <Button onClick={() => onClose(false)}>{i18n.t("ui.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" disabled={name.trim() === ""} pending={rename.pending}>
            {i18n.t("settings.rename")}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <Field label={i18n.t("settings.deviceName")} required>
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
