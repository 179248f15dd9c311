import { Check, KeyRound } from "lucide-react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { Section } from "../../../ui/section.tsx";

/** Access keys are the only way in and therefore on; the step says what that means. */
export function InboundStep() {
  const points = [
    i18n.t("wizard.keysPointHeader"),
    i18n.t("wizard.keysPointScope"),
    i18n.t("wizard.keysPointRevoke"),
    i18n.t("wizard.keysPointBrowser"),
  ];
  return (
    <Section title={i18n.t("wizard.inbound")} description={i18n.t("wizard.inboundText")}>
      <Card className="flex max-w-2xl flex-col gap-4 border-accent p-5">
        <div className="flex items-start gap-3">
          <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
            <KeyRound aria-hidden className="size-5" />
          </span>
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-2 text-base font-semibold">
              {i18n.t("personas.accessKeys")}
              <Badge tone="success">{i18n.t("personas.on")}</Badge>
            </p>
            <p className="text-base text-muted">{i18n.t("wizard.keysText")}</p>
          </div>
        </div>
        <ul className="flex flex-col gap-2">
          {points.map((point) => (
            <li key={point} className="flex items-start gap-2 text-base">
              <Check aria-hidden className="mt-1 size-4 shrink-0 text-success-ink" />
              {point}
            </li>
          ))}
        </ul>
        <p className="text-sm text-muted">{i18n.t("wizard.keysNext")}</p>
      </Card>
    </Section>
  );
}
