import { i18n } from "#i18n";
import { followTheme } from "./theme.ts";

export type Direction = "ltr" | "rtl";

export const textDirection = (): Direction => (i18n.t("ui.direction") === "rtl" ? "rtl" : "ltr");

/** Theme, language and direction of the document, before its first paint. */
export function preparePage(): void {
  document.documentElement.lang = i18n.t("ui.language");
  document.documentElement.dir = textDirection();
  followTheme();
}
