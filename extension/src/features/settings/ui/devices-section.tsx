import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import type { Device } from "@agent-personas/shared/api/devices";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { DeviceRow } from "./device-row.tsx";
import { LinkBrowserDialog } from "./link-browser-dialog.tsx";
import { RenameDeviceDialog } from "./rename-device-dialog.tsx";
import { RevokeDeviceDialog } from "./revoke-device-dialog.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { useDevices } from "./use-devices.ts";

type Open = { dialog: "link" } | { dialog: "rename" | "revoke"; device: Device };

/** `reached`: the relay answers now, so that what it says of others is worth showing. */
export function DevicesSection({ ownDeviceId, reached }: { ownDeviceId: string; reached: boolean }) {
  const { devices, error, reload } = useDevices(ownDeviceId, reached);
  const prefer = useCommand("devices.prefer");
  const [open, setOpen] = useState<Open | null>(null);
  const close = (changed: boolean) => {
    setOpen(null);
    if (changed) void reload();
  };
  const choose = async ({ deviceId, preferred }: Device) => {
    if ((await prefer.run({ deviceId: preferred ? null : deviceId })) !== undefined) void reload();
  };
  return (
    <Section
      title={i18n.t("settings.devices")}
      description={i18n.t("settings.devicesText")}
      actions={
        <Button onClick={() => setOpen({ dialog: "link" })}>
          <MonitorSmartphone aria-hidden />
          {i18n.t("settings.linkBrowser")}
        </Button>
      }
    >
      {error && <ErrorState error={error} onRetry={() => void reload()} />}
      {prefer.error && <ErrorState error={prefer.error} />}
      {devices === null && !error && (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      )}
      {devices !== null && devices.length > 0 && (
        <Card className="max-h-140 divide-y divide-line overflow-y-auto">
          {devices.map((device) => (
            <DeviceRow
              key={device.deviceId}
              device={device}
              own={device.deviceId === ownDeviceId}
              reached={reached}
              onPrefer={devices.length > 1 || device.preferred ? () => void choose(device) : null}
              onRename={() => setOpen({ dialog: "rename", device })}
              onRevoke={() => setOpen({ dialog: "revoke", device })}
            />
          ))}
        </Card>
      )}
      {open?.dialog === "link" && <LinkBrowserDialog onClose={close} />}
      {open?.dialog === "rename" && <RenameDeviceDialog device={open.device} onClose={close} />}
      {open?.dialog === "revoke" && (
        <RevokeDeviceDialog device={open.device} own={open.device.deviceId === ownDeviceId} onClose={close} />
      )}
    </Section>
  );
}
