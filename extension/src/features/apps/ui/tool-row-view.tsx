import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { i18n } from "#i18n";
import type { ToolRow } from "../../../db/rows.ts";
import { escapeHidden, plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { cn } from "../../../ui/cn.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { PlainText } from "../../../ui/plain-text.tsx";
import { RiskBadge } from "../../../ui/risk-badge.tsx";

/** A tool as its app describes it. The description is the app's text: shown as plain text, never as markup. */
export function ToolRowView({ tool }: { tool: ToolRow }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { description } = tool.definition;
  const title = plainLine(tool.definition.title ?? "");
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-3 px-4 py-2.5 text-start -outline-offset-2 transition-colors hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("size-4 shrink-0 text-faint transition-transform", open ? "rotate-90" : "rtl:-scale-x-100")}
        />
        <span className="flex min-w-0 flex-1 flex-col gap-x-3 gap-y-1 sm:flex-row sm:items-center">
          <span className="min-w-0 flex-1">
            <span className="block truncate text-base font-medium">
              <span className="font-mono text-sm" dir="ltr">
                {plainLine(tool.name)}
              </span>
              {title !== "" && title !== tool.name && <span className="ms-2 font-normal text-muted">{title}</span>}
            </span>
            <span className="block truncate text-sm text-muted">
              {description === undefined ? i18n.t("apps.noDescription") : plainLine(description)}
            </span>
          </span>
          <span className="flex shrink-0 flex-wrap gap-1">
            {!tool.present && <Badge tone="warning">{i18n.t("apps.toolGone")}</Badge>}
            <RiskBadge riskClass={tool.riskClass} declared={tool.riskDeclared} />
          </span>
        </span>
      </button>
      {open && (
        <div id={id} className="flex flex-col gap-3 border-t border-line bg-sunken px-4 py-3 sm:ps-11">
          {description !== undefined && (
            <p className="max-w-prose text-base">
              <PlainText text={description} />
            </p>
          )}
          <CodeBlock
            text={escapeHidden(JSON.stringify(tool.definition, null, 2))}
            label={i18n.t("apps.definitionOf", { tool: plainLine(tool.name) })}
            copyLabel={i18n.t("apps.copyDefinition")}
            className="bg-surface"
          />
        </div>
      )}
    </div>
  );
}
