import type { LimitsOverview } from "@agent-personas/shared/api/limits";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { limitWarnings, type LimitWarning } from "../limits-view.ts";

/** Warns on a persona's page before and when calls are refused for a budget; nothing while there is room. */
export function LimitNotice({ overview, personaId }: { overview: LimitsOverview; personaId: string }) {
  const warnings = limitWarnings(overview, personaId);
  if (warnings.length === 0) return null;
  const over = warnings.some(({ level }) => level === "over");
  return (
    <Notice
      title={over ? i18n.t("limits.noticeOver") : i18n.t("limits.noticeNear")}
      action={
        <Button asChild size="sm">
          <a href={hrefTo({ page: "limits" })}>{i18n.t("limits.all")}</a>
        </Button>
      }
    >
      <ul>
        {warnings.map((warning) => (
          <li key={warning.whose}>{warningText(warning)}</li>
        ))}
      </ul>
    </Notice>
  );
}

function warningText({ whose, level }: LimitWarning): string {
  switch (whose) {
    case "person":
      return level === "over" ? i18n.t("limits.personOver") : i18n.t("limits.personNear");
    case "persona":
      return level === "over" ? i18n.t("limits.personaOver") : i18n.t("limits.personaNear");
    case "keys":
      return level === "over" ? i18n.t("limits.keyOver") : i18n.t("limits.keyNear");
  }
}
