import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { countText } from "../../../ui/money-text.ts";
import { hrefTo } from "../../../ui/route.ts";
import type { PersonaLimits } from "../limits-view.ts";
import { BudgetMeters } from "./budget-meters.tsx";
import { LimitsDialog } from "./limits-dialog.tsx";

type PersonaLimitsRowProps = { persona: PersonaLimits; relay: LimitSettings; onSaved: () => void };

export function PersonaLimitsRow({ persona, relay, onSaved }: PersonaLimitsRowProps) {
  const [editing, setEditing] = useState(false);
  const { personaId, name, settings, keys } = persona;
  return (
    <li className="flex flex-col gap-3 px-4 py-3.5 [contain-intrinsic-size:auto_8rem] [content-visibility:auto]">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <a
            href={hrefTo({ page: "persona", personaId, tab: "authentication" })}
            className="rounded-sm text-base font-medium break-words hover:underline"
          >
            {name}
          </a>
          <p className="text-sm text-muted tabular-nums">
            {settings.requestsPerMinute === null
              ? i18n.t("limits.noOwnRate")
              : i18n.t("limits.perMinute", settings.requestsPerMinute, [countText(settings.requestsPerMinute)])}
            {keys.count > 0 && ` · ${i18n.t("limits.keysWithBudget", keys.count)}`}
          </p>
          {keys.level !== "fine" && (
            <Badge tone={keys.level === "over" ? "danger" : "warning"} className="mt-1">
              {keys.level === "over" ? i18n.t("limits.keyShortOver") : i18n.t("limits.keyShortNear")}
            </Badge>
          )}
        </div>
        <IconButton size="sm" label={i18n.t("limits.editPersona", { name })} onClick={() => setEditing(true)}>
          <Pencil aria-hidden />
        </IconButton>
      </div>
      <BudgetMeters lines={persona.lines} />
      {editing && (
        <LimitsDialog
          persona={persona}
          settings={settings}
          relay={relay}
          onClose={() => setEditing(false)}
          onSaved={onSaved}
        />
      )}
    </li>
  );
}
