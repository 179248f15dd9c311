import { i18n } from "#i18n";
import type { ListedItem } from "../listed-items.ts";

export function kindText(kind: ListedItem["kind"]): string {
  switch (kind) {
    case "resource":
      return i18n.t("items.resource");
    case "template":
      return i18n.t("items.template");
    case "prompt":
      return i18n.t("items.prompt");
  }
}
