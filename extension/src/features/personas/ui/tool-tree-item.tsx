import { statedPrice, type Price } from "@agent-personas/shared/persona/price";
import { useState, type Ref } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { RiskBadge } from "../../../ui/risk-badge.tsx";
import { hasWrongPrice } from "../draft-problems.ts";
import { needsConfirmation } from "../draft-state.ts";
import { readPrice } from "../price-draft.ts";
import type { ListedTool } from "../tool-groups.ts";
import type { ToolTreeRow } from "../tool-tree.ts";
import type { WizardDraft, WizardTool } from "../wizard-draft.ts";
import { DestructiveConfirm } from "./destructive-confirm.tsx";
import { FavouriteButton } from "./favourite-button.tsx";
import { PriceBadge } from "./price-badge.tsx";
import { ToolChoiceDialog } from "./tool-choice-dialog.tsx";
import { DefinitionButton, LeafCells } from "./tree-row-parts.tsx";
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

type ToolTreeItemProps = {
  row: ToolTreeRow;
  place: RowPlace;
  ref: Ref<HTMLDivElement>;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
};

/** One tool: ticked or not, its risk, and the question that a destructive one asks. */
export function ToolTreeItem({ row, place, ref, draft, onChange }: ToolTreeItemProps) {
  const [open, setOpen] = useState(false);
  const { tool, chosen, position, siblings } = row;
  const riskClass = chosen?.riskClass ?? tool.riskClass;
  const declared = tool.riskDeclared || riskClass !== tool.riskClass;
  const asks = chosen !== null && needsConfirmation(chosen);
  return (
    <TreeRowFrame
      ref={ref}
      place={place}
      aria-level={2}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={chosen !== null}
      aria-label={tool.label}
      className="flex flex-wrap items-start gap-x-3 gap-y-1.5 py-2 ps-11 pe-2"
    >
      <LeafCells
        label={tool.label}
        title={tool.title}
        description={tool.definition.description ?? ""}
        selected={chosen !== null}
        fixed={chosen === null && tool.state === "removed"}
        place={place}
      />
      <span role="gridcell" className="flex flex-wrap items-center gap-1.5">
        {chosen !== null && draft.search !== undefined && (
          <FavouriteButton
            tool={chosen}
            label={tool.label}
            draft={draft}
            onChange={onChange}
            tabIndex={place.active ? 0 : -1}
          />
        )}
        {tool.state === "removed" && <Badge tone="warning">{i18n.t("personas.toolRemoved")}</Badge>}
        {tool.state === "changed" && <Badge tone="warning">{i18n.t("personas.toolChanged")}</Badge>}
        {chosen?.policy === "never" && <Badge>{i18n.t("personas.toolNever")}</Badge>}
        {chosen?.policy === "allow" && riskClass === "destructive" && <Badge>{i18n.t("wizard.allowed")}</Badge>}
        {chosen !== null && hasWrongPrice(chosen) && <Badge tone="danger">{i18n.t("price.badgeWrong")}</Badge>}
        <PriceBadge price={priceOfChoice(tool, chosen)} />
        <RiskBadge riskClass={riskClass} declared={declared} />
        <DefinitionButton label={tool.label} place={place} onOpen={() => setOpen(true)} />
      </span>
      {asks && chosen !== null && (
        <span role="gridcell" className="basis-full">
          <DestructiveConfirm tool={chosen} label={tool.label} draft={draft} onChange={onChange} />
        </span>
      )}
      {open && (
        <ToolChoiceDialog
          tool={tool}
          chosen={chosen}
          draft={draft}
          onChange={onChange}
          onClose={() => setOpen(false)}
        />
      )}
    </TreeRowFrame>
  );
}

/** While an own price is being typed wrongly there is none to show. */
function priceOfChoice(tool: ListedTool, chosen: WizardTool | null): Price | null {
  return chosen?.price === undefined ? statedPrice(tool.approved ?? tool.definition) : readPrice(chosen.price).price;
}
