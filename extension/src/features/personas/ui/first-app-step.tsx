import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { Section } from "../../../ui/section.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import { StepProblems } from "./step-problems.tsx";

type FirstAppStepProps = {
  /** The way from an address to a connected app. */
  addApp: ReactNode;
  problems: readonly DraftProblem[];
};

/** The tool step while there is no tool to choose: an app is added right here. */
export const FirstAppStep = ({ addApp, problems }: FirstAppStepProps) => (
  <Section title={i18n.t("wizard.tools")} description={i18n.t("wizard.toolsTip")}>
    <StepProblems problems={problems} collisions={[]} />
    <Card className="flex max-w-2xl flex-col gap-4 p-5">
      <div>
        <h3 className="text-base font-semibold">{i18n.t("wizard.noApps")}</h3>
        <p className="mt-0.5 text-base text-muted">{i18n.t("wizard.noAppsText")}</p>
      </div>
      {addApp}
    </Card>
  </Section>
);
