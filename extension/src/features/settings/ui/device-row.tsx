import type { Device } from "@agent-personas/shared/api/devices";
import { Ellipsis, Monitor, Pencil, ShieldX, Star, StarOff } from "lucide-react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { DropdownMenu } from "../../../ui/dropdown-menu.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { StatusDot } from "../../../ui/status-dot.tsx";

type DeviceRowProps = {
  device: Device;
  own: boolean;
  reached: boolean;
  /** Null while there is nothing to choose from. */
  onPrefer: (() => void) | null;
  onRename: () => void;
  onRevoke: () => void;
};

export function DeviceRow({ device, own, reached, onPrefer, onRename, onRevoke }: DeviceRowProps) {
  const prefer = device.preferred
    ? { label: i18n.t("settings.preferNone"), icon: StarOff }
    : { label: i18n.t("settings.prefer"), icon: Star };
  return (
    <div className="flex items-center gap-3 px-4 py-3">
      <Monitor aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-base font-medium">
          <span className="max-w-full truncate">{device.name}</span>
          {own && <Badge tone="accent">{i18n.t("settings.thisBrowser")}</Badge>}
          {device.preferred && <Badge tone="neutral">{i18n.t("settings.preferred")}</Badge>}
        </p>
        <div className="flex flex-wrap items-center gap-x-3 text-sm text-muted">
          <Presence device={device} own={own} reached={reached} />
          <code className="font-mono text-xs break-all" dir="ltr" title={i18n.t("settings.fingerprint")}>
            {device.fingerprint}
          </code>
        </div>
      </div>
      <DropdownMenu
        items={[
          ...(onPrefer === null ? [] : [{ ...prefer, onSelect: onPrefer }]),
          { label: i18n.t("settings.rename"), icon: Pencil, onSelect: onRename },
          { label: i18n.t("settings.revoke"), icon: ShieldX, tone: "danger", onSelect: onRevoke },
        ]}
      >
        <IconButton label={i18n.t("settings.moreFor", { device: device.name })} size="sm">
          <Ellipsis aria-hidden />
        </IconButton>
      </DropdownMenu>
    </div>
  );
}

/** Of other devices nothing is known while the relay is not reached; of this one the tunnel says it. */
function Presence({ device, own, reached }: { device: Device; own: boolean; reached: boolean }) {
  if (!reached && !own) return <StatusDot tone="neutral" text={i18n.t("settings.notKnown")} />;
  if (own ? reached : device.online) return <StatusDot tone="success" text={i18n.t("settings.online")} />;
  return (
    <span className="inline-flex items-center gap-1.5">
      <StatusDot tone="neutral" text={i18n.t("settings.offline")} />
      {!own && device.lastSeenAt !== null && <RelativeTime at={device.lastSeenAt} />}
    </span>
  );
}
