import type { Device } from "@agent-personas/shared/api/devices";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Fingerprint } from "../../../ui/fingerprint.tsx";
import { useCommand } from "../../../ui/use-command.ts";

type RevokeDeviceDialogProps = { device: Device; own: boolean; onClose: (changed: boolean) => void };

export function RevokeDeviceDialog({ device, own, onClose }: RevokeDeviceDialogProps) {
  const revoke = useCommand("devices.revoke");
  const confirm = async () => {
    if ((await revoke.run({ deviceId: device.deviceId })) !== undefined) onClose(true);
  };
  return (
    <AlertDialog
      open
      onOpenChange={() => onClose(false)}
      title={i18n.t("settings.revokeTitle", { device: device.name })}
      description={own ? i18n.t("settings.revokeOwnText") : i18n.t("settings.revokeText")}
      action={i18n.t("settings.revoke")}
      pending={revoke.pending}
      error={revoke.error && <ErrorState error={revoke.error} />}
      onConfirm={() => void confirm()}
    >
      <Fingerprint label={i18n.t("settings.fingerprint")} value={device.fingerprint} />
    </AlertDialog>
  );
}
