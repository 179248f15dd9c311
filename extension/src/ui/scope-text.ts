import type { Scope } from "@agent-personas/shared/persona/scope";
import { i18n } from "#i18n";

/** A scope in plain words. */
export function scopeText(scope: Scope): string {
  switch (scope) {
    case "read":
      return i18n.t("keys.scopeRead");
    case "write":
      return i18n.t("keys.scopeWrite");
    case "destructive":
      return i18n.t("keys.scopeDestructive");
  }
}

/** What a caller with the scope can do. */
export function scopeHint(scope: Scope): string {
  switch (scope) {
    case "read":
      return i18n.t("keys.scopeReadHint");
    case "write":
      return i18n.t("keys.scopeWriteHint");
    case "destructive":
      return i18n.t("keys.scopeDestructiveHint");
  }
}
