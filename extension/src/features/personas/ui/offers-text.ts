import { i18n } from "#i18n";
import type { OfferPart } from "../offer-draft.ts";

/** How many resources and prompts there are, each left out where there is none. */
export function offersText({ resources, prompts }: Record<OfferPart, number>): string[] {
  return [
    ...(resources > 0 ? [i18n.t("items.countResources", resources)] : []),
    ...(prompts > 0 ? [i18n.t("items.countPrompts", prompts)] : []),
  ];
}
