import { i18n } from "#i18n";
import type { AppRow, CredentialKind } from "../../../db/rows.ts";

export function credentialText(kind: CredentialKind): string {
  switch (kind) {
    case "oauth":
      return i18n.t("apps.credentialOauth");
    case "headers":
      return i18n.t("apps.credentialHeaders");
    case "none":
      return i18n.t("apps.credentialNone");
  }
}

/** What the probe found out, as the next thing to do. */
export function credentialNeed(app: AppRow): string {
  switch (app.credential) {
    case "oauth":
      return i18n.t("apps.needsOauth", { app: app.name });
    case "headers":
      return i18n.t("apps.needsHeaders", { app: app.name });
    case "none":
      return i18n.t("apps.needsNothing", { app: app.name });
  }
}
