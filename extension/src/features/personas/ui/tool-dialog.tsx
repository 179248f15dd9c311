import { i18n } from "#i18n";
import { Dialog } from "../../../ui/dialog.tsx";
import { RiskBadge } from "../../../ui/risk-badge.tsx";
import type { ToolView } from "../persona-tools.ts";
import { DefinitionChanges } from "./definition-changes.tsx";
import { DefinitionView } from "./definition-view.tsx";
import { PriceBadge } from "./price-badge.tsx";
import { ToolStateBadge } from "./tool-state-badge.tsx";

/** What was approved of a tool, and what its app changed since. Mounted while open. */
export function ToolDialog({ tool, onClose }: { tool: ToolView; onClose: () => void }) {
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={tool.exposedName}
      description={
        <span className="flex flex-wrap gap-2">
          <RiskBadge riskClass={tool.riskClass} declared={tool.riskDeclared} />
          <PriceBadge price={tool.price} />
          <ToolStateBadge state={tool.state} />
        </span>
      }
    >
      <div className="flex flex-col gap-5">
        {tool.listed !== null && (
          <section aria-label={i18n.t("personas.changedSince")} className="flex flex-col gap-2">
            <h3 className="text-base font-semibold">{i18n.t("personas.changedSince")}</h3>
            <DefinitionChanges before={tool.definition} after={tool.listed} />
          </section>
        )}
        <DefinitionView definition={tool.definition} />
      </div>
    </Dialog>
  );
}
