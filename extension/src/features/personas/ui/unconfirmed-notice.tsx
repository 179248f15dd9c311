import { useState } from "react";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Button } from "../../../ui/button.tsx";
import { cn } from "../../../ui/cn.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { needsConfirmation, selectTools, setToolPolicy } from "../draft-state.ts";
import type { WizardDraft, WizardTool } from "../wizard-draft.ts";

type UnconfirmedNoticeProps = {
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  /** It keeps the step from being left. */
  urgent: boolean;
  /** Filters the tree down to them. */
  onShow: () => void;
};

/** Destructive tools that are ticked but not decided; they may be shown, taken out, or allowed by name. */
export function UnconfirmedNotice({ draft, onChange, urgent, onShow }: UnconfirmedNoticeProps) {
  const [asking, setAsking] = useState(false);
  const open = draft.tools.filter(needsConfirmation);
  return (
    <div
      className={cn(
        "flex flex-wrap items-center gap-2 rounded-md px-3 py-2 text-base",
        urgent ? "bg-danger-soft text-danger-ink" : "bg-warning-soft text-warning-ink",
      )}
    >
      <p role={urgent ? "alert" : "status"} className="min-w-0 flex-1 basis-48">
        {i18n.t("wizard.undecided", open.length)}
      </p>
      <span className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onShow}>
          {i18n.t("wizard.showThem")}
        </Button>
        <Button
          size="sm"
          onClick={() => onChange(open.reduce((next, tool) => selectTools(next, tool.slotId, [tool], false), draft))}
        >
          {i18n.t("wizard.untickThem")}
        </Button>
        {open.length > 1 && (
          <Button size="sm" onClick={() => setAsking(true)}>
            {i18n.t("wizard.allowThem")}
          </Button>
        )}
      </span>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={i18n.t("wizard.allowAllTitle", open.length)}
        description={i18n.t("wizard.allowAllText")}
        action={i18n.t("wizard.allowAllAction", open.length)}
        onConfirm={() => {
          onChange(open.reduce((next, tool) => setToolPolicy(next, tool, "allow"), draft));
          setAsking(false);
        }}
      >
        <ul
          aria-label={i18n.t("wizard.destructiveTools")}
          tabIndex={0}
          className="max-h-48 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm"
        >
          {open.map((tool) => (
            <li key={`${tool.slotId}${tool.originalName}`} className="break-all">
              <span className="text-muted">{`${prefixOf(draft, tool)} · `}</span>
              {plainLine(tool.originalName)}
            </li>
          ))}
        </ul>
      </AlertDialog>
    </div>
  );
}

/** Tells tools of one name apart. */
const prefixOf = (draft: WizardDraft, { slotId }: WizardTool): string =>
  draft.slots.find((slot) => slot.slotId === slotId)?.prefix ?? "";
