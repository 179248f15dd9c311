import { i18n } from "#i18n";
import { StatusDot, type StatusTone } from "../../../ui/status-dot.tsx";
import type { PersonaStatus } from "../persona-summary.ts";

const TONES: Record<PersonaStatus, StatusTone> = {
  active: "success",
  paused: "neutral",
  review: "warning",
  needs_sign_in: "warning",
  not_bound: "warning",
};

export const PersonaStatusDot = ({ status, quiet = false }: { status: PersonaStatus; quiet?: boolean }) => (
  <StatusDot tone={TONES[status]} text={personaStatusText(status)} quiet={quiet} />
);

export function personaStatusText(status: PersonaStatus): string {
  switch (status) {
    case "active":
      return i18n.t("personas.statusActive");
    case "paused":
      return i18n.t("personas.statusPaused");
    case "review":
      return i18n.t("personas.statusReview");
    case "needs_sign_in":
      return i18n.t("personas.statusNeedsSignIn");
    case "not_bound":
      return i18n.t("personas.statusNotBound");
  }
}
