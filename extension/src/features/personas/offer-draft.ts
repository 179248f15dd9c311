import type { Offer } from "@agent-personas/shared/persona/persona-item";
import type { ItemRow } from "../../db/rows.ts";
import type { WizardDraft, WizardSlot } from "./wizard-draft.ts";

/** What an app has besides tools. Templates of addresses belong to its resources. */
export const OFFER_PARTS = ["resources", "prompts"] as const;
export type OfferPart = (typeof OFFER_PARTS)[number];
export type ItemKey = { slotId: string; kind: ItemRow["kind"]; id: string };

export const itemKey = ({ slotId, kind, id }: ItemKey): string => `${slotId}\n${kind}\n${id}`;

export const partOf = (kind: ItemRow["kind"]): OfferPart => (kind === "prompt" ? "prompts" : "resources");

export const offerOf = (slot: Pick<WizardSlot, OfferPart> | undefined, part: OfferPart): Offer =>
  slot?.[part] ?? "none";

/** Whether anything but tools is offered of a slot. */
export const offersItems = (draft: Pick<WizardDraft, "items">, slot: WizardSlot): boolean =>
  OFFER_PARTS.some((part) => {
    const offer = offerOf(slot, part);
    if (offer !== "picked") return offer === "all";
    return draft.items.some((item) => item.slotId === slot.slotId && partOf(item.kind) === part);
  });

/** Offers nothing, everything or what is picked; what was picked before is picked again when one comes back to it. */
export function setOffer(draft: WizardDraft, slotId: string, part: OfferPart, offer: Offer): WizardDraft {
  const change = ({ [part]: _, ...slot }: WizardSlot): WizardSlot =>
    offer === "none" ? slot : { ...slot, [part]: offer };
  return { ...draft, slots: draft.slots.map((slot) => (slot.slotId === slotId ? change(slot) : slot)) };
}

/**
 * Picks single ones of a part, or takes them out. `all` are those there are now: where everything was offered, the
 * others stay picked. Nothing picked any more is nothing offered.
 */
export function pickItems(
  draft: WizardDraft,
  { slotId, part }: { slotId: string; part: OfferPart },
  {
    keys,
    all,
    picked,
  }: { keys: readonly Omit<ItemKey, "slotId">[]; all: readonly Omit<ItemKey, "slotId">[]; picked: boolean },
): WizardDraft {
  const offer = offerOf(
    draft.slots.find((slot) => slot.slotId === slotId),
    part,
  );
  const isPart = (item: ItemKey) => item.slotId === slotId && partOf(item.kind) === part;
  const before: Omit<ItemKey, "slotId">[] =
    offer === "all" ? [...all] : offer === "picked" ? draft.items.filter(isPart) : [];
  const chosen = new Map(before.map(({ kind, id }) => [itemKey({ slotId, kind, id }), { slotId, kind, id }]));
  for (const { kind, id } of keys) {
    if (picked) chosen.set(itemKey({ slotId, kind, id }), { slotId, kind, id });
    else chosen.delete(itemKey({ slotId, kind, id }));
  }
  const items = [...draft.items.filter((item) => !isPart(item)), ...chosen.values()];
  return setOffer({ ...draft, items }, slotId, part, chosen.size === 0 ? "none" : "picked");
}

/** Whether an item is offered: everything of its part is, or it is picked. */
export function isOffered(draft: Pick<WizardDraft, "slots">, picked: ReadonlySet<string>, key: ItemKey): boolean {
  const offer = offerOf(
    draft.slots.find((slot) => slot.slotId === key.slotId),
    partOf(key.kind),
  );
  return offer === "all" || (offer === "picked" && picked.has(itemKey(key)));
}

export const pickedItems = (draft: Pick<WizardDraft, "items">): ReadonlySet<string> =>
  new Set(draft.items.map(itemKey));
