import type { Device } from "@agent-personas/shared/api/devices";
import { i18n } from "#i18n";
import { NameDialog } from "../../../ui/name-dialog.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function RenameDeviceDialog({ device, onClose }: { device: Device; onClose: (changed: boolean) => void }) {
  const rename = useCommand("devices.rename");
  const submit = async (name: string) => {
    if ((await rename.run({ deviceId: device.deviceId, name })) !== undefined) onClose(true);
  };
  return (
    <NameDialog
      title={i18n.t("settings.renameTitle")}
      label={i18n.t("settings.deviceName")}
      value={device.name}
      action={i18n.t("settings.rename")}
      command={rename}
      onSubmit={(name) => void submit(name)}
      onClose={() => onClose(false)}
    />
  );
}
