import { useId } from "react";
import { i18n } from "#i18n";
import { cn } from "../../../ui/cn.ts";
import { Input } from "../../../ui/input.tsx";
import { ensureSlot, prefixProblem, setSlotPrefix, suggestedPrefix } from "../draft-state.ts";
import type { ToolGroup } from "../tool-groups.ts";
import type { WizardDraft } from "../wizard-draft.ts";

type PrefixFieldProps = {
  group: ToolGroup;
  app: string;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  tabIndex: number;
};

/** The app part of exposed names. What is wrong is said as it is typed, since the preview depends on it. */
export function PrefixField({ group, app, draft, onChange, tabIndex }: PrefixFieldProps) {
  const id = useId();
  const slot = draft.slots.find((candidate) => candidate.slotId === group.slotId);
  const problem = slot === undefined ? null : prefixProblem(draft, slot);
  const set = (prefix: string) => {
    if (slot !== undefined) onChange(setSlotPrefix(draft, slot.slotId, prefix));
    else if (group.source !== null) {
      const [withSlot, slotId] = ensureSlot(draft, group.source);
      onChange(setSlotPrefix(withSlot, slotId, prefix));
    }
  };
  return (
    <span className="flex flex-col items-start gap-0.5">
      <span className="flex items-center gap-1.5">
        <label htmlFor={id} className="text-sm text-muted">
          {i18n.t("wizard.prefix")}
        </label>
        <Input
          id={id}
          aria-label={i18n.t("wizard.prefixFor", { app })}
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          tabIndex={tabIndex}
          value={slot?.prefix ?? (group.source === null ? "" : suggestedPrefix(draft, group.source))}
          onChange={(event) => set(event.target.value)}
          maxLength={24}
          spellCheck={false}
          autoComplete="off"
          className={cn("h-7 w-28 font-mono text-sm", slot === undefined && "border-line text-muted")}
        />
      </span>
      {problem !== null && (
        <span id={`${id}-problem`} role="alert" className="max-w-56 text-xs text-danger-ink">
          {problemText(problem)}
        </span>
      )}
    </span>
  );
}

function problemText(problem: "invalid" | "reserved" | "taken"): string {
  switch (problem) {
    case "invalid":
      return i18n.t("wizard.prefixInvalid");
    case "reserved":
      return i18n.t("wizard.prefixReserved");
    case "taken":
      return i18n.t("wizard.prefixTaken");
  }
}
