import { canonicalJson } from "@agent-personas/shared/primitives/canonical-json";
import type { Offer, Recipe } from "@agent-personas/shared/persona/persona-item";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { approvedItems, type ApprovedItem } from "./approved-items.ts";
import { itemKey, OFFER_PARTS, offerOf, type OfferPart } from "./offer-draft.ts";

/** What another version changes beside tools. */
export type ItemChange =
  | { kind: "offer"; app: string; part: OfferPart; after: Offer }
  | { kind: "item_added" | "item_removed" | "item_redefined"; item: ApprovedItem["kind"]; name: string; app: string }
  /** `text` is what the model would read: nobody should accept that unseen. */
  | { kind: "recipe_added" | "recipe_changed"; name: string; text: string }
  | { kind: "recipe_removed"; name: string }
  | { kind: "search" | "lossless"; after: boolean }
  | { kind: "favourites"; after: readonly string[] };

export function diffItems(before: PersonaVersion, after: PersonaVersion): ItemChange[] {
  return [
    ...diffOffers(before, after),
    ...diffApproved(before, after),
    ...diffRecipes(before, after),
    ...diffModes(before, after),
  ];
}

function diffOffers(before: PersonaVersion, after: PersonaVersion): ItemChange[] {
  return after.slots.flatMap((slot) => {
    const former = before.slots.find(({ slotId }) => slotId === slot.slotId);
    return OFFER_PARTS.filter((part) => offerOf(former, part) !== offerOf(slot, part)).map((part): ItemChange => ({
      kind: "offer",
      app: slot.appName,
      part,
      after: offerOf(slot, part),
    }));
  });
}

function diffApproved(before: PersonaVersion, after: PersonaVersion): ItemChange[] {
  const former = new Map(approvedItems(before).map((item) => [itemKey(item), item]));
  const changes: ItemChange[] = [];
  for (const item of approvedItems(after)) {
    const old = former.get(itemKey(item));
    former.delete(itemKey(item));
    if (old === undefined) changes.push({ kind: "item_added", ...nameOf(after, item) });
    else if (old.pin !== item.pin) changes.push({ kind: "item_redefined", ...nameOf(after, item) });
  }
  return [
    ...changes,
    ...[...former.values()].map((item): ItemChange => ({ kind: "item_removed", ...nameOf(before, item) })),
  ];
}

const nameOf = (version: PersonaVersion, { kind, slotId, exposedName }: ApprovedItem) => ({
  item: kind,
  name: exposedName,
  app: version.slots.find((slot) => slot.slotId === slotId)?.appName ?? "",
});

function diffRecipes({ recipes: before = [] }: PersonaVersion, { recipes: after = [] }: PersonaVersion): ItemChange[] {
  const former = new Map(before.map((recipe) => [recipe.name, recipe]));
  const changes: ItemChange[] = [];
  for (const recipe of after) {
    const old = former.get(recipe.name);
    former.delete(recipe.name);
    const shown = { name: recipe.name, text: textOf(recipe) };
    if (old === undefined) changes.push({ kind: "recipe_added", ...shown });
    else if (canonicalJson(old) !== canonicalJson(recipe)) changes.push({ kind: "recipe_changed", ...shown });
  }
  return [...changes, ...[...former.keys()].map((name): ItemChange => ({ kind: "recipe_removed", name }))];
}

/** Also the small print goes to the model. */
const textOf = ({ description, text, arguments: blanks }: Recipe): string =>
  [description, text, ...blanks.flatMap((each) => [each.description, ...each.values])]
    .filter((part) => part !== "")
    .join(" · ");

function diffModes(before: PersonaVersion, after: PersonaVersion): ItemChange[] {
  const changes: ItemChange[] = [];
  const on = after.search !== undefined;
  if ((before.search !== undefined) !== on) changes.push({ kind: "search", after: on });
  if (on && canonicalJson(favourites(before)) !== canonicalJson(favourites(after))) {
    changes.push({ kind: "favourites", after: favourites(after) });
  }
  const lossless = after.lossless === true;
  if ((before.lossless === true) !== lossless) changes.push({ kind: "lossless", after: lossless });
  return changes;
}

const favourites = ({ search }: PersonaVersion): string[] => (search?.favourites ?? []).toSorted();
