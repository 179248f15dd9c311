import { i18n } from "#i18n";
import type { PassthroughRisk } from "../passthrough-risks.ts";

/** `apps`: the names of those that get the headers. */
export function passthroughRiskText(risk: PassthroughRisk, apps: readonly string[]): string {
  switch (risk) {
    case "noToken":
      return i18n.t("passthrough.warnNoToken");
    case "destructive":
      return i18n.t("passthrough.warnDestructive");
    case "tokenForwarded":
      return i18n.t("passthrough.warnTokenForwarded", {
        apps: new Intl.ListFormat(i18n.t("ui.language")).format(apps),
      });
  }
}
