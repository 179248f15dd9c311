import type { Offer } from "@agent-personas/shared/persona/persona-item";
import { ensureSlot, selectTools } from "./draft-state.ts";
import type { ListedItem } from "./listed-items.ts";
import { pickItems, setOffer, type OfferPart } from "./offer-draft.ts";
import type { ToolGroup } from "./tool-groups.ts";
import type { TreeRow } from "./tool-tree.ts";
import type { WizardDraft } from "./wizard-draft.ts";

/** What ticking a row of the tree, or taking its tick away, makes of the draft. What an app removed is not ticked. */
export function toggleRow(draft: WizardDraft, row: TreeRow, selected: boolean): WizardDraft {
  switch (row.kind) {
    case "group":
    case "tool": {
      const tools = row.kind === "group" ? row.matching : [row.tool];
      const choices = tools
        .filter((tool) => !selected || tool.state !== "removed")
        .map(({ originalName, riskClass }) => ({ originalName, riskClass }));
      return inSlot(draft, row.group, (next, slotId) => selectTools(next, slotId, choices, selected));
    }
    case "part":
      if (row.matching.length === row.all.length) return offerPart(draft, row, selected ? "all" : "none");
      return pick(draft, row, row.matching, selected);
    case "item":
      return pick(draft, row, [row.item], selected);
  }
}

type PartOf = { group: ToolGroup; part: OfferPart; all: readonly ListedItem[] };

/** Offers none, all or the picked ones of a part. Coming from all, all there are now are picked. */
export function offerPart(draft: WizardDraft, { group, part, all }: PartOf, offer: Offer): WizardDraft {
  return inSlot(draft, group, (next, slotId) => {
    const before = next.slots.find((slot) => slot.slotId === slotId)?.[part];
    if (offer === "picked" && before === "all") {
      return pickItems(next, { slotId, part }, { keys: [], all: present(all), picked: true });
    }
    return setOffer(next, slotId, part, offer);
  });
}

function pick(draft: WizardDraft, { group, part, all }: PartOf, items: readonly ListedItem[], picked: boolean) {
  const keys = picked ? present(items) : items;
  return inSlot(draft, group, (next, slotId) => pickItems(next, { slotId, part }, { keys, all: present(all), picked }));
}

const present = (items: readonly ListedItem[]): ListedItem[] => items.filter((item) => item.state !== "removed");

function inSlot(
  draft: WizardDraft,
  { source, slotId: known }: ToolGroup,
  change: (draft: WizardDraft, slotId: string) => WizardDraft,
): WizardDraft {
  const [next, slotId] = source === null ? [draft, known] : ensureSlot(draft, source);
  return slotId === null ? draft : change(next, slotId);
}
