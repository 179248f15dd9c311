import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { RiskBadge } from "../../../ui/risk-badge.tsx";
import type { ToolView } from "../persona-tools.ts";
import { PlainText } from "../../../ui/plain-text.tsx";
import { PriceBadge } from "./price-badge.tsx";
import { ToolStateBadge } from "./tool-state-badge.tsx";

export function PersonaToolRow({ tool, onOpen }: { tool: ToolView; onOpen: () => void }) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <code className="font-mono text-sm font-medium break-all">{tool.exposedName}</code>
          {tool.title !== null && <span className="text-sm text-muted">{tool.title}</span>}
        </div>
        {tool.description !== null && (
          <p className="mt-0.5 line-clamp-2 text-sm text-muted">
            <PlainText text={tool.description} className="whitespace-normal" />
          </p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 max-sm:w-full">
        <PriceBadge price={tool.price} />
        <RiskBadge riskClass={tool.riskClass} declared={tool.riskDeclared} />
        <ToolStateBadge state={tool.state} />
        <Button
          size="sm"
          variant="ghost"
          className="-me-2.5 max-sm:ms-auto"
          onClick={onOpen}
          aria-label={i18n.t("personas.definitionOf", { tool: tool.exposedName })}
        >
          {i18n.t("personas.definition")}
        </Button>
      </div>
    </li>
  );
}
