import { useState } from "react";
import type { ToolGroup } from "../tool-groups.ts";
import { isUsed, type WizardDraft } from "../wizard-draft.ts";

/**
 * Which groups of the tree are open: at first those with chosen tools, or the only one there is.
 * An app that gets its tools while the wizard is open was added for this persona, so it opens by itself.
 */
export function useOpenGroups(groups: readonly ToolGroup[], draft: WizardDraft) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => openAtFirst(groups, draft));
  const [seen, setSeen] = useState<ReadonlySet<string>>(() => new Set(withTools(groups)));
  const fresh = withTools(groups).filter((groupId) => !seen.has(groupId));
  if (fresh.length > 0) {
    setSeen(new Set([...seen, ...fresh]));
    setOpen(new Set([...open, ...fresh]));
  }
  return [open, setOpen] as const;
}

const withTools = (groups: readonly ToolGroup[]): string[] =>
  groups.filter((group) => group.tools.length > 0 || group.items.length > 0).map((group) => group.groupId);

function openAtFirst(groups: readonly ToolGroup[], draft: WizardDraft): ReadonlySet<string> {
  const used = new Set(draft.slots.filter((slot) => isUsed(draft, slot)).map((slot) => slot.slotId));
  const open = groups.filter((group) => groups.length === 1 || (group.slotId !== null && used.has(group.slotId)));
  return new Set(open.map((group) => group.groupId));
}
