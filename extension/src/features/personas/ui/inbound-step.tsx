import { CircleAlert, KeyRound, LogIn, Waypoints } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Section } from "../../../ui/section.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import { emptyPassthrough, type PassthroughDraft } from "../passthrough-draft.ts";
import type { ToolGroup } from "../tool-groups.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { ModeCard } from "./mode-card.tsx";
import { PassthroughForm } from "./passthrough-form.tsx";

type InboundStepProps = {
  draft: WizardDraft;
  /** Of a persona that is deployed. */
  slug: string | null;
  onChange: (draft: WizardDraft) => void;
  groups: readonly ToolGroup[];
  problems: readonly DraftProblem[];
};

/** The ways in, in any combination, each with what it means. */
export function InboundStep({ draft, slug, onChange, groups, problems }: InboundStepProps) {
  const { accessKeys, interactive, passthrough } = draft.inbound;
  /** What was set before it was switched off. */
  const [former, setFormer] = useState<PassthroughDraft>(emptyPassthrough);
  const set = (changes: Partial<WizardDraft["inbound"]>) =>
    onChange({ ...draft, inbound: { ...draft.inbound, ...changes } });
  const setPassthrough = (on: boolean) => {
    const modes = { accessKeys, interactive };
    if (passthrough !== undefined) setFormer(passthrough);
    onChange({ ...draft, inbound: on ? { ...modes, passthrough: former } : modes });
  };
  return (
    <Section title={i18n.t("wizard.inbound")} description={i18n.t("wizard.inboundText")}>
      {problems.some(({ code }) => code === "noMode") && (
        <p role="alert" className="flex max-w-2xl items-start gap-1.5 text-base text-danger-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {i18n.t("wizard.noMode")}
        </p>
      )}
      <div role="group" aria-label={i18n.t("wizard.inbound")} className="flex max-w-2xl flex-col gap-3">
        <ModeCard
          icon={LogIn}
          title={i18n.t("personas.interactive")}
          text={i18n.t("wizard.signInText")}
          recommended
          on={interactive}
          onChange={(on) => set({ interactive: on })}
          points={[
            i18n.t("wizard.signInPointPaste"),
            i18n.t("wizard.signInPointAsk"),
            i18n.t("wizard.signInPointRevoke"),
          ]}
        />
        <ModeCard
          icon={KeyRound}
          title={i18n.t("personas.accessKeys")}
          text={i18n.t("wizard.keysText")}
          on={accessKeys}
          onChange={(on) => set({ accessKeys: on })}
          points={[i18n.t("wizard.keysPointHeader"), i18n.t("wizard.keysPointScope"), i18n.t("wizard.keysPointRevoke")]}
        />
        <ModeCard
          icon={Waypoints}
          title={i18n.t("passthrough.title")}
          text={i18n.t("passthrough.text")}
          on={passthrough !== undefined}
          onChange={setPassthrough}
          points={[i18n.t("passthrough.pointStored"), i18n.t("passthrough.pointApps"), i18n.t("passthrough.pointKept")]}
        >
          {passthrough !== undefined && (
            <PassthroughForm
              draft={draft}
              slug={slug}
              passthrough={passthrough}
              onChange={onChange}
              groups={groups}
              problems={problems}
            />
          )}
        </ModeCard>
        <p className="text-sm text-muted">{i18n.t("wizard.keysPointBrowser")}</p>
      </div>
    </Section>
  );
}
