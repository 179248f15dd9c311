import { TriangleAlert } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { setToolPolicy } from "../draft-state.ts";
import type { WizardDraft, WizardTool } from "../wizard-draft.ts";

type DestructiveConfirmProps = {
  tool: WizardTool;
  label: string;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
};

/** A destructive tool is called only after someone said so for this very tool. */
export function DestructiveConfirm({ tool, label, draft, onChange }: DestructiveConfirmProps) {
  return (
    <span
      role="group"
      aria-label={i18n.t("wizard.confirmFor", { tool: label })}
      className="flex flex-wrap items-center gap-2 rounded-md bg-danger-soft px-2.5 py-1.5 text-sm text-danger-ink"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 flex-1 basis-44">{i18n.t("wizard.confirmText")}</span>
      <span className="flex gap-2">
        <Button size="sm" onClick={() => onChange(setToolPolicy(draft, tool, "never"))}>
          {i18n.t("wizard.confirmNever")}
        </Button>
        <Button size="sm" variant="danger" onClick={() => onChange(setToolPolicy(draft, tool, "allow"))}>
          {i18n.t("wizard.confirmAllow")}
        </Button>
      </span>
    </span>
  );
}
