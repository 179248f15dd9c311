import { UserRound } from "lucide-react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { Section } from "../../../ui/section.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import type { WizardDraft } from "../wizard-draft.ts";

const DESCRIPTION_LENGTH = 500;

type BasicsStepProps = {
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  problems: readonly DraftProblem[];
};

export function BasicsStep({ draft, onChange, problems }: BasicsStepProps) {
  const has = (code: DraftProblem["code"]) => problems.some((problem) => problem.code === code);
  const nameError = has("nameMissing")
    ? i18n.t("wizard.nameMissing")
    : has("nameLong")
      ? i18n.t("wizard.nameLong")
      : null;
  return (
    <Section title={i18n.t("wizard.basics")} description={i18n.t("wizard.basicsText")}>
      <Card className="flex max-w-2xl flex-col gap-5 p-5">
        <Field label={i18n.t("wizard.name")} hint={i18n.t("wizard.nameHint")} error={nameError} required>
          <Input
            autoFocus
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
            placeholder={i18n.t("wizard.namePlaceholder")}
            autoComplete="off"
          />
        </Field>
        <Field
          label={i18n.t("wizard.description")}
          aside={`${draft.description.trim().length} / ${DESCRIPTION_LENGTH}`}
          hint={i18n.t("wizard.descriptionHint")}
          error={has("descriptionLong") ? i18n.t("wizard.descriptionLong") : null}
        >
          <Textarea
            value={draft.description}
            onChange={(event) => onChange({ ...draft, description: event.target.value })}
            placeholder={i18n.t("wizard.descriptionPlaceholder")}
            rows={3}
          />
        </Field>
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium">{i18n.t("wizard.audience")}</p>
          <p className="flex items-start gap-2.5 rounded-md border border-line bg-sunken px-3 py-2.5 text-base">
            <UserRound aria-hidden className="mt-0.5 size-4.5 shrink-0 text-muted" />
            <span>
              {i18n.t("personas.audienceMe")}
              <span className="block text-sm text-muted">{i18n.t("wizard.audienceHint")}</span>
            </span>
          </p>
        </div>
      </Card>
    </Section>
  );
}
