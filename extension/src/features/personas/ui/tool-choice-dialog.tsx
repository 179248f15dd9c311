import { statedPrice } from "@agent-personas/shared/persona/price";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { i18n } from "#i18n";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { riskText } from "../../../ui/risk-badge.tsx";
import { Select } from "../../../ui/select.tsx";
import { setToolPolicy, setToolPrice, setToolRisk } from "../draft-state.ts";
import type { ListedTool } from "../tool-groups.ts";
import type { WizardDraft, WizardTool } from "../wizard-draft.ts";
import { DefinitionChanges } from "./definition-changes.tsx";
import { DefinitionView } from "./definition-view.tsx";
import { PriceFields } from "./price-fields.tsx";

type ToolChoiceDialogProps = {
  tool: ListedTool;
  chosen: WizardTool | null;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  onClose: () => void;
};

/** What the app says of a tool; for a chosen one also its risk class, policy and price in this persona. */
export function ToolChoiceDialog({ tool, chosen, draft, onChange, onClose }: ToolChoiceDialogProps) {
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={tool.label}
    >
      <div className="flex flex-col gap-5">
        {chosen !== null && <ChoiceFields tool={tool} chosen={chosen} draft={draft} onChange={onChange} />}
        {tool.approved !== null && (
          <section aria-label={i18n.t("personas.changedSince")} className="flex flex-col gap-2">
            <h3 className="text-base font-semibold">{i18n.t("personas.changedSince")}</h3>
            <p className="text-base text-muted">{i18n.t("wizard.changedKept")}</p>
            <DefinitionChanges before={tool.approved} after={tool.definition} />
          </section>
        )}
        <DefinitionView definition={tool.definition} />
      </div>
    </Dialog>
  );
}

type ChoiceFieldsProps = Pick<ToolChoiceDialogProps, "tool" | "draft" | "onChange"> & { chosen: WizardTool };

function ChoiceFields({ tool, chosen, draft, onChange }: ChoiceFieldsProps) {
  const preset = draft.policies[chosen.riskClass];
  return (
    <div className="grid gap-4 rounded-md border border-line p-4 sm:grid-cols-2">
      <Field label={i18n.t("wizard.riskClass")} hint={i18n.t("wizard.riskClassHint")}>
        <Select
          value={chosen.riskClass}
          onChange={(riskClass) => onChange(setToolRisk(draft, chosen, riskClass))}
          options={SCOPES.map((value) => ({ value, label: riskText(value) }))}
        />
      </Field>
      <Field label={i18n.t("wizard.policy")} hint={i18n.t("wizard.policyHint")}>
        <Select<"preset" | "allow" | "never">
          value={chosen.policy ?? "preset"}
          onChange={(value) => onChange(setToolPolicy(draft, chosen, value === "preset" ? null : value))}
          options={[
            {
              value: "preset",
              label: preset === "allow" ? i18n.t("wizard.policyPresetAllow") : i18n.t("wizard.policyPresetNever"),
            },
            { value: "allow", label: i18n.t("wizard.policyAllow") },
            { value: "never", label: i18n.t("wizard.policyNever") },
          ]}
        />
      </Field>
      <div className="sm:col-span-2">
        <PriceFields
          value={chosen.price}
          stated={statedPrice(tool.approved ?? tool.definition)}
          onChange={(price) => onChange(setToolPrice(draft, chosen, price))}
        />
      </div>
    </div>
  );
}
