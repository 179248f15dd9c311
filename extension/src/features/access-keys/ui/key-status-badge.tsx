import { i18n } from "#i18n";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import type { KeyStatus } from "../key-view.ts";

const TONES: Record<KeyStatus, Tone> = {
  active: "success",
  expiring: "warning",
  leaked: "danger",
  disabled: "neutral",
  expired: "neutral",
  revoked: "neutral",
};

export const KeyStatusBadge = ({ status }: { status: KeyStatus }) => (
  <Badge tone={TONES[status]}>{statusText(status)}</Badge>
);

function statusText(status: KeyStatus): string {
  switch (status) {
    case "active":
      return i18n.t("keys.statusActive");
    case "expiring":
      return i18n.t("keys.statusExpiring");
    case "leaked":
      return i18n.t("keys.statusLeaked");
    case "disabled":
      return i18n.t("keys.statusDisabled");
    case "expired":
      return i18n.t("keys.statusExpired");
    case "revoked":
      return i18n.t("keys.statusRevoked");
  }
}
