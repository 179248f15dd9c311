import { i18n } from "#i18n";
import type { MissingAnswer } from "../missing-tool.ts";

/** The reason in a sentence; of a tool that is there, what may still keep a client from it. */
export function missingToolText(answer: MissingAnswer): string[] {
  switch (answer.reason) {
    case "unknown":
      return [i18n.t("missing.unknown")];
    case "not_selected":
      return [i18n.t("missing.notSelected", { app: answer.app })];
    case "gone":
      return [i18n.t("missing.gone", { app: answer.app })];
    case "removed":
      return [i18n.t("missing.removed", { app: answer.app })];
    case "needs_sign_in":
      return [i18n.t("missing.needsSignIn", { app: answer.app })];
    case "changed":
      return [i18n.t("missing.changed")];
    case "never":
      return [i18n.t("missing.never")];
    case "paused":
      return [i18n.t("missing.paused")];
    case "ready":
      return readyText(answer);
  }
}

function readyText({ outside, searched, capped }: Extract<MissingAnswer, { reason: "ready" }>): string[] {
  const limits = [
    ...(outside.length > 0 ? [i18n.t("missing.outside", { callers: outside.join(", ") })] : []),
    ...(searched ? [i18n.t("missing.searched")] : []),
    ...(capped.length > 0 ? [i18n.t("missing.capped", { clients: capped.join(", ") })] : []),
  ];
  return limits.length > 0 ? limits : [i18n.t("missing.ready")];
}
