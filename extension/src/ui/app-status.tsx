import type { AppStatus as Status } from "@agent-personas/shared/tunnel/messages";
import { i18n } from "#i18n";
import { StatusDot, type StatusTone } from "./status-dot.tsx";

const TONES: Record<Status, StatusTone> = {
  not_connected: "neutral",
  connected: "success",
  needs_sign_in: "warning",
  expired: "busy",
  unreachable: "danger",
  locked: "warning",
  permission_missing: "warning",
};

/** The state of a connection, in colour and words. */
export function AppStatus({ status, className }: { status: Status; className?: string }) {
  return (
    <StatusDot tone={TONES[status]} text={appStatusText(status)} {...(className !== undefined && { className })} />
  );
}

export function appStatusText(status: Status): string {
  switch (status) {
    case "not_connected":
      return i18n.t("appStatus.notConnected");
    case "connected":
      return i18n.t("appStatus.connected");
    case "needs_sign_in":
      return i18n.t("appStatus.needsSignIn");
    case "expired":
      return i18n.t("appStatus.expired");
    case "unreachable":
      return i18n.t("appStatus.unreachable");
    case "locked":
      return i18n.t("appStatus.locked");
    case "permission_missing":
      return i18n.t("appStatus.permissionMissing");
  }
}

/** The verb of the one next step; null where the person can do nothing. */
export function appNextStep(status: Status): string | null {
  switch (status) {
    case "not_connected":
      return i18n.t("appStatus.connect");
    case "needs_sign_in":
      return i18n.t("appStatus.reauthenticate");
    case "unreachable":
      return i18n.t("appStatus.retry");
    case "permission_missing":
      return i18n.t("appStatus.allowAccess");
    case "connected":
    case "expired":
    case "locked":
      return null;
  }
}
