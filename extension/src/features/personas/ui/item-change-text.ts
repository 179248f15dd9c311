import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import type { ItemChange } from "../item-diff.ts";
import { kindText } from "./item-kind-text.ts";

/** One change beside tools in a sentence. */
export function itemChangeText(change: ItemChange): string {
  switch (change.kind) {
    case "offer":
      return offerText(change);
    case "item_added":
      return i18n.t("items.diffAdded", namesOf(change));
    case "item_removed":
      return i18n.t("items.diffRemoved", namesOf(change));
    case "item_redefined":
      return i18n.t("items.diffRedefined", namesOf(change));
    case "recipe_added":
      return i18n.t("recipes.diffAdded", { name: change.name, text: plainLine(change.text) });
    case "recipe_removed":
      return i18n.t("recipes.diffRemoved", { name: change.name });
    case "recipe_changed":
      return i18n.t("recipes.diffChanged", { name: change.name, text: plainLine(change.text) });
    case "search":
      return change.after ? i18n.t("search.diffOn") : i18n.t("search.diffOff");
    case "favourites":
      return i18n.t("search.diffFavourites", { tools: change.after.join(", ") || "–" });
    case "lossless":
      return change.after ? i18n.t("wizard.diffLosslessOn") : i18n.t("wizard.diffLosslessOff");
  }
}

const namesOf = ({ item, name, app }: Extract<ItemChange, { item: string }>) => ({
  kind: kindText(item),
  name: plainLine(name),
  app: plainLine(app),
});

function offerText({ part, app: name, after }: Extract<ItemChange, { kind: "offer" }>): string {
  const app = plainLine(name);
  if (part === "prompts") {
    if (after === "none") return i18n.t("items.diffPromptsNone", { app });
    return after === "all" ? i18n.t("items.diffPromptsAll", { app }) : i18n.t("items.diffPromptsPicked", { app });
  }
  if (after === "none") return i18n.t("items.diffResourcesNone", { app });
  return after === "all" ? i18n.t("items.diffResourcesAll", { app }) : i18n.t("items.diffResourcesPicked", { app });
}
