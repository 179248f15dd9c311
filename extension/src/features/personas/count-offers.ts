import { isOffered, partOf, pickedItems, type OfferPart } from "./offer-draft.ts";
import type { ListedItem } from "./listed-items.ts";
import type { ToolGroup } from "./tool-groups.ts";
import type { WizardDraft } from "./wizard-draft.ts";

type Offering = Pick<WizardDraft, "items" | "slots">;

/** What the persona offers of an app beside its tools; what the app removed stays out of saving by itself. */
export function offeredItems(draft: Offering, { slotId, items }: ToolGroup): ListedItem[] {
  if (slotId === null) return [];
  const picked = pickedItems(draft);
  return items.filter(({ kind, id }) => isOffered(draft, picked, { slotId, kind, id }));
}

export const countOffers = (draft: Offering, groups: readonly ToolGroup[]): Record<OfferPart, number> =>
  countKinds(groups.flatMap((group) => offeredItems(draft, group)));

export function countKinds(items: readonly Pick<ListedItem, "kind">[]): Record<OfferPart, number> {
  const counts = { resources: 0, prompts: 0 };
  for (const { kind } of items) counts[partOf(kind)] += 1;
  return counts;
}
