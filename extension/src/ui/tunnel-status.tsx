import { i18n } from "#i18n";
import type { TunnelState } from "../db/rows.ts";
import { StatusDot, type StatusTone } from "./status-dot.tsx";

const TONES: Record<TunnelState, StatusTone> = {
  unpaired: "neutral",
  offline: "danger",
  connecting: "busy",
  online: "success",
  locked: "warning",
  replaced: "warning",
  signed_out: "danger",
  update_needed: "warning",
};

export function TunnelStatus({ tunnel, className }: { tunnel: TunnelState; className?: string }) {
  return <StatusDot tone={TONES[tunnel]} text={tunnelText(tunnel)} {...(className !== undefined && { className })} />;
}

export function tunnelText(tunnel: TunnelState): string {
  switch (tunnel) {
    case "unpaired":
      return i18n.t("tunnel.unpaired");
    case "offline":
      return i18n.t("tunnel.offline");
    case "connecting":
      return i18n.t("tunnel.connecting");
    case "online":
      return i18n.t("tunnel.online");
    case "locked":
      return i18n.t("tunnel.locked");
    case "replaced":
      return i18n.t("tunnel.replaced");
    case "signed_out":
      return i18n.t("tunnel.signedOut");
    case "update_needed":
      return i18n.t("tunnel.updateNeeded");
  }
}

/** What the state means for the person, in one sentence; null where it needs no words. */
export function tunnelExplanation(tunnel: TunnelState): string | null {
  switch (tunnel) {
    case "unpaired":
      return i18n.t("tunnel.unpairedWhy");
    case "offline":
      return i18n.t("tunnel.offlineWhy");
    case "replaced":
      return i18n.t("tunnel.replacedWhy");
    case "signed_out":
      return i18n.t("tunnel.signedOutWhy");
    case "update_needed":
      return i18n.t("tunnel.updateNeededWhy");
    case "locked":
      return i18n.t("tunnel.lockedWhy");
    case "connecting":
    case "online":
      return null;
  }
}
