import { i18n } from "#i18n";
import type { CredentialKind } from "../../../db/rows.ts";

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
