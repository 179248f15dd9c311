import type { Scope } from "@agent-personas/shared/persona/scope";
import { i18n } from "#i18n";
import { Badge, type Tone } from "./badge.tsx";

const TONES: Record<Scope, Tone> = { read: "success", write: "accent", destructive: "danger" };

/** A tool's risk class; says when the app itself declared nothing. */
export function RiskBadge({ riskClass, declared }: { riskClass: Scope; declared?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Badge tone={TONES[riskClass]}>{riskText(riskClass)}</Badge>
      {declared === false && <Badge>{i18n.t("risk.notDeclared")}</Badge>}
    </span>
  );
}

export function riskText(riskClass: Scope): string {
  switch (riskClass) {
    case "read":
      return i18n.t("risk.read");
    case "write":
      return i18n.t("risk.write");
    case "destructive":
      return i18n.t("risk.destructive");
  }
}
