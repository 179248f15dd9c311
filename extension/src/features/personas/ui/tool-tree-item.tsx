import { statedPrice, type Price } from "@agent-personas/shared/persona/price";
import { Info } from "lucide-react";
import { useState, type Ref } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { RiskBadge } from "../../../ui/risk-badge.tsx";
import { plainLine } from "../../../lib/hidden-characters.ts";
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
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

type ToolTreeItemProps = {
  row: ToolTreeRow;
  place: RowPlace;
  ref: Ref<HTMLDivElement>;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
};

const DESCRIPTION_SHOWN = 200;

/** One tool: ticked or not, its risk, and the question that a destructive one asks. */
export function ToolTreeItem({ row, place, ref, draft, onChange }: ToolTreeItemProps) {
  const [open, setOpen] = useState(false);
  const { tool, chosen, position, siblings } = row;
  const riskClass = chosen?.riskClass ?? tool.riskClass;
  const declared = tool.riskDeclared || riskClass !== tool.riskClass;
  const asks = chosen !== null && needsConfirmation(chosen);
  const description = plainLine((tool.definition.description ?? "").slice(0, DESCRIPTION_SHOWN));
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
      <span role="gridcell" className="flex h-5.5 items-center">
        <Checkbox
          checked={chosen !== null}
          onChange={place.onSelect}
          disabled={chosen === null && tool.state === "removed"}
          tabIndex={place.active ? 0 : -1}
          aria-label={tool.label}
        />
      </span>
      <span
        role="gridcell"
        className="flex min-w-0 flex-1 basis-40 cursor-pointer flex-col"
        onClick={() => {
          if (chosen !== null || tool.state !== "removed") place.onSelect(chosen === null);
        }}
      >
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-mono text-sm break-all">{tool.label}</span>
          {tool.title !== null && <span className="truncate text-sm text-muted">{tool.title}</span>}
        </span>
        {description !== "" && (
          <span dir="auto" className="truncate text-sm text-muted">
            {description}
          </span>
        )}
      </span>
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
        <IconButton
          size="sm"
          label={i18n.t("personas.definitionOf", { tool: tool.label })}
          tabIndex={place.active ? 0 : -1}
          onClick={() => setOpen(true)}
        >
          <Info aria-hidden />
        </IconButton>
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
