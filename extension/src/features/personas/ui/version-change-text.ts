import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import type { VersionChange } from "../version-diff.ts";

/** One change in a sentence. */
export function versionChangeText(change: VersionChange): string {
  switch (change.kind) {
    case "name":
    case "description":
    case "status":
    case "address":
      return fieldChangeText(fieldText(change.kind), plainLine(change.before), plainLine(change.after));
    case "accessKeys":
      return change.after ? i18n.t("personas.diffKeysOn") : i18n.t("personas.diffKeysOff");
    case "interactive":
      return change.after ? i18n.t("personas.diffSignInOn") : i18n.t("personas.diffSignInOff");
    case "tool_added":
      return i18n.t("personas.diffAdded", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_removed":
      return i18n.t("personas.diffRemoved", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_redefined":
      return i18n.t("personas.diffRedefined", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_policy":
      return i18n.t("personas.diffPolicy", {
        tool: change.exposedName,
        before: change.before,
        after: change.after,
      });
    case "tool_risk":
      return i18n.t("personas.diffRisk", { tool: change.exposedName, before: change.before, after: change.after });
  }
}

function fieldChangeText(field: string, before: string, after: string): string {
  if (before === "") return i18n.t("personas.diffFieldNew", { field, after });
  if (after === "") return i18n.t("personas.diffFieldGone", { field, before });
  return i18n.t("personas.diffField", { field, before, after });
}

function fieldText(field: "name" | "description" | "status" | "address"): string {
  switch (field) {
    case "name":
      return i18n.t("personas.fieldName");
    case "description":
      return i18n.t("personas.fieldDescription");
    case "status":
      return i18n.t("personas.fieldStatus");
    case "address":
      return i18n.t("personas.fieldAddress");
  }
}
