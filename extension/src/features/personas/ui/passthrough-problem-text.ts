import { i18n } from "#i18n";
import type { DraftProblem } from "../draft-problems.ts";
import type { PassthroughCode } from "../passthrough-problems.ts";

/** What is wrong with a part of passthrough, the first of `codes` that is; null when nothing is. */
export function passthroughProblem(
  problems: readonly DraftProblem[],
  codes: readonly PassthroughCode[],
  index?: number,
): string | null {
  for (const problem of problems) {
    if (problem.field !== "passthrough" || problem.index !== index) continue;
    const code = codes.find((each) => each === problem.code);
    if (code !== undefined) return textOf(code);
  }
  return null;
}

function textOf(code: PassthroughCode): string {
  switch (code) {
    case "headerName":
      return i18n.t("passthrough.headerName");
    case "headerNever":
      return i18n.t("passthrough.headerNever");
    case "headerRepeated":
      return i18n.t("passthrough.headerRepeated");
    case "headerValue":
      return i18n.t("passthrough.headerValue");
    case "headerCredential":
      return i18n.t("passthrough.headerCredential");
    case "purposeLong":
      return i18n.t("passthrough.purposeLong");
    case "noAskedHeader":
      return i18n.t("passthrough.noAskedHeader");
    case "keysUrl":
      return i18n.t("passthrough.keysUrlInvalid");
    case "keysUrlPrivate":
      return i18n.t("passthrough.keysUrlPrivate");
    case "keysForm":
      return i18n.t("passthrough.keysForm", { example: '{"keys":[{"kty":"RSA","n":"…","e":"AQAB"}]}' });
    case "keysSecret":
      return i18n.t("passthrough.keysSecret");
    case "issuerLong":
    case "audienceLong":
      return i18n.t("passthrough.tooLong");
    case "noScope":
      return i18n.t("passthrough.noScope");
    case "noForwardingApp":
      return i18n.t("passthrough.noForwardingApp");
  }
}
