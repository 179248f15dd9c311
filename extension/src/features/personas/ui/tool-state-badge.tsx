import { i18n } from "#i18n";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import type { ToolState } from "../tool-state.ts";

const TONES: Record<ToolState, Tone> = {
  enabled: "success",
  changed: "warning",
  removed: "neutral",
  needs_sign_in: "warning",
  never: "neutral",
};

export const ToolStateBadge = ({ state }: { state: ToolState }) => (
  <Badge tone={TONES[state]}>{toolStateText(state)}</Badge>
);

export function toolStateText(state: ToolState): string {
  switch (state) {
    case "enabled":
      return i18n.t("personas.toolEnabled");
    case "changed":
      return i18n.t("personas.toolChanged");
    case "removed":
      return i18n.t("personas.toolRemoved");
    case "needs_sign_in":
      return i18n.t("personas.toolNeedsSignIn");
    case "never":
      return i18n.t("personas.toolNever");
  }
}
