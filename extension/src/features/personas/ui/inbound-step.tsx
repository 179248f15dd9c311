import { Check, CircleAlert, KeyRound, LogIn, type LucideIcon } from "lucide-react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { cn } from "../../../ui/cn.ts";
import { Section } from "../../../ui/section.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import type { WizardDraft } from "../wizard-draft.ts";

type InboundStepProps = {
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  problems: readonly DraftProblem[];
};

/** The ways in, in any combination, each with what it means. */
export function InboundStep({ draft, onChange, problems }: InboundStepProps) {
  const { inbound } = draft;
  const set = (changes: Partial<WizardDraft["inbound"]>) => onChange({ ...draft, inbound: { ...inbound, ...changes } });
  return (
    <Section title={i18n.t("wizard.inbound")} description={i18n.t("wizard.inboundText")}>
      {problems.some(({ code }) => code === "noMode") && (
        <p role="alert" className="flex max-w-2xl items-start gap-1.5 text-base text-danger-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {i18n.t("wizard.noMode")}
        </p>
      )}
      <div role="group" aria-label={i18n.t("wizard.inbound")} className="flex max-w-2xl flex-col gap-3">
        <Mode
          icon={LogIn}
          title={i18n.t("personas.interactive")}
          text={i18n.t("wizard.signInText")}
          recommended
          on={inbound.interactive}
          onChange={(interactive) => set({ interactive })}
          points={[
            i18n.t("wizard.signInPointPaste"),
            i18n.t("wizard.signInPointAsk"),
            i18n.t("wizard.signInPointRevoke"),
          ]}
        />
        <Mode
          icon={KeyRound}
          title={i18n.t("personas.accessKeys")}
          text={i18n.t("wizard.keysText")}
          on={inbound.accessKeys}
          onChange={(accessKeys) => set({ accessKeys })}
          points={[i18n.t("wizard.keysPointHeader"), i18n.t("wizard.keysPointScope"), i18n.t("wizard.keysPointRevoke")]}
        />
        <p className="text-sm text-muted">{i18n.t("wizard.keysPointBrowser")}</p>
      </div>
    </Section>
  );
}

type ModeProps = {
  icon: LucideIcon;
  title: string;
  text: string;
  recommended?: boolean;
  on: boolean;
  onChange: (on: boolean) => void;
  points: readonly string[];
};

const Mode = ({ icon: Icon, title, text, recommended, on, onChange, points }: ModeProps) => (
  <Card className={cn("flex gap-3 p-4", on && "border-accent")}>
    <span
      className={cn(
        "grid size-9 shrink-0 place-items-center rounded-lg",
        on ? "bg-accent-soft text-accent-ink" : "bg-hover text-muted",
      )}
    >
      <Icon aria-hidden className="size-5" />
    </span>
    <div className="flex min-w-0 flex-1 flex-col gap-2.5">
      <Checkbox
        checked={on}
        onChange={onChange}
        label={
          <span className="flex flex-wrap items-center gap-2 font-semibold">
            {title}
            {recommended && <Badge tone="accent">{i18n.t("wizard.recommended")}</Badge>}
          </span>
        }
        hint={text}
      />
      <ul className="flex flex-col gap-1.5 ps-6.5">
        {points.map((point) => (
          <li key={point} className="flex items-start gap-2 text-sm text-muted">
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success-ink" />
            {point}
          </li>
        ))}
      </ul>
    </div>
  </Card>
);
