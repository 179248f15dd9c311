import { i18n } from "#i18n";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { scopeText } from "../../../ui/scope-text.ts";
import type { PassthroughChange } from "../passthrough-diff.ts";
import { itemChangeText } from "./item-change-text.ts";
import { priceText } from "./price-badge.tsx";
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
    case "passthrough":
      return change.after ? i18n.t("passthrough.diffOn") : i18n.t("passthrough.diffOff");
    case "forwarding": {
      const app = plainLine(change.app);
      return change.after ? i18n.t("passthrough.diffAppOn", { app }) : i18n.t("passthrough.diffAppOff", { app });
    }
    case "token_check":
    case "token_keys":
    case "token_issuer":
    case "token_audience":
    case "passthrough_scopes":
    case "header":
      return passthroughChangeText(change);
    case "tool_added":
      return i18n.t("personas.diffAdded", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_removed":
      return i18n.t("personas.diffRemoved", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_redefined":
      return i18n.t("personas.diffRedefined", { tool: change.exposedName, app: plainLine(change.app) });
    case "tool_name":
    case "tool_title":
    case "tool_description":
      return fieldChangeText(
        toolFieldText(change.kind, change.exposedName),
        plainLine(change.before),
        plainLine(change.after),
      );
    case "tool_policy":
      return i18n.t("personas.diffPolicy", {
        tool: change.exposedName,
        before: change.before,
        after: change.after,
      });
    case "tool_price":
      return i18n.t("personas.diffPrice", {
        tool: change.exposedName,
        before: change.before === null ? i18n.t("price.none") : priceText(change.before),
        after: change.after === null ? i18n.t("price.none") : priceText(change.after),
      });
    case "tool_risk":
      return i18n.t("personas.diffRisk", {
        tool: change.exposedName,
        before: scopeText(change.before),
        after: scopeText(change.after),
      });
    default:
      return itemChangeText(change);
  }
}

function passthroughChangeText(change: PassthroughChange): string {
  switch (change.kind) {
    case "token_check":
      return change.after ? i18n.t("passthrough.diffTokenOn") : i18n.t("passthrough.diffTokenOff");
    case "token_keys":
      return fieldChangeText(i18n.t("passthrough.diffKeys"), plainLine(change.before), plainLine(change.after));
    case "token_issuer":
      return fieldChangeText(i18n.t("passthrough.diffIssuer"), plainLine(change.before), plainLine(change.after));
    case "token_audience":
      return fieldChangeText(i18n.t("passthrough.diffAudience"), plainLine(change.before), plainLine(change.after));
    case "passthrough_scopes":
      return fieldChangeText(i18n.t("passthrough.diffScopes"), scopesText(change.before), scopesText(change.after));
    case "header":
      return headerChangeText(change);
  }
}

const scopesText = (scopes: readonly Scope[]): string => scopes.map(scopeText).join(", ");

function headerChangeText({ name, use, value }: Extract<PassthroughChange, { kind: "header" }>): string {
  switch (use) {
    case null:
      return i18n.t("passthrough.diffHeaderGone", { name });
    case "fixed":
      return i18n.t("passthrough.diffHeaderFixed", { name, value: plainLine(value) });
    case "required":
      return i18n.t("passthrough.diffHeaderRequired", { name });
    case "optional":
      return i18n.t("passthrough.diffHeaderOptional", { name });
  }
}

function fieldChangeText(field: string, before: string, after: string): string {
  if (before === "") return i18n.t("personas.diffFieldNew", { field, after });
  if (after === "") return i18n.t("personas.diffFieldGone", { field, before });
  return i18n.t("personas.diffField", { field, before, after });
}

function toolFieldText(field: "tool_name" | "tool_title" | "tool_description", tool: string): string {
  switch (field) {
    case "tool_name":
      return i18n.t("personas.diffToolName", { tool });
    case "tool_title":
      return i18n.t("personas.diffToolTitle", { tool });
    case "tool_description":
      return i18n.t("personas.diffToolDescription", { tool });
  }
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
