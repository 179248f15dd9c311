import { FileText, MessageSquareText } from "lucide-react";
import type { Ref } from "react";
import { i18n } from "#i18n";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Select } from "../../../ui/select.tsx";
import type { OfferPart } from "../offer-draft.ts";
import { offerPart } from "../toggle-row.ts";
import type { PartRow } from "../tool-tree.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { RowOpener } from "./tree-row-parts.tsx";
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

type ItemPartRowProps = {
  row: PartRow;
  place: RowPlace;
  ref: Ref<HTMLDivElement>;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  onOpenChange: (open: boolean) => void;
};

/** An app's resources or prompts: none, all or picked ones. */
export function ItemPartRow({ row, place, ref, draft, onChange, onOpenChange }: ItemPartRowProps) {
  const { group, part, offer, expanded, matching, selection, selected, position, siblings } = row;
  const app = group.account === null ? group.title : `${group.title} (${group.account})`;
  const Icon = part === "prompts" ? MessageSquareText : FileText;
  return (
    <TreeRowFrame
      ref={ref}
      place={place}
      aria-level={2}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={expanded}
      aria-selected={selection === "all"}
      aria-label={
        part === "prompts"
          ? i18n.t("items.promptsRow", { app, selected, all: matching.length })
          : i18n.t("items.resourcesRow", { app, selected, all: matching.length })
      }
      className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 ps-9 pe-3"
    >
      <RowOpener expanded={expanded} label={openText(part, app, expanded)} onOpenChange={onOpenChange}>
        <Checkbox
          checked={selection === "some" ? "indeterminate" : selection === "all"}
          onChange={place.onSelect}
          tabIndex={place.active ? 0 : -1}
          aria-label={
            part === "prompts" ? i18n.t("items.selectPrompts", { app }) : i18n.t("items.selectResources", { app })
          }
        />
      </RowOpener>
      <span
        role="gridcell"
        className="flex min-w-0 flex-1 basis-28 cursor-pointer items-center gap-2"
        onClick={() => onOpenChange(!expanded)}
      >
        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="truncate text-base font-medium">{partText(part)}</span>
        <span className="text-sm whitespace-nowrap text-muted tabular-nums">{`${selected} / ${matching.length}`}</span>
      </span>
      <span role="gridcell" className="max-sm:basis-full max-sm:ps-13.5">
        <Select
          size="sm"
          className="w-28"
          tabIndex={place.active ? 0 : -1}
          label={part === "prompts" ? i18n.t("items.offerPrompts", { app }) : i18n.t("items.offerResources", { app })}
          value={offer}
          onChange={(value) => {
            onChange(offerPart(draft, row, value));
            if (value === "picked") onOpenChange(true);
          }}
          options={[
            { value: "none", label: i18n.t("items.none") },
            {
              value: "all",
              label: i18n.t("items.all"),
              hint: part === "prompts" ? i18n.t("items.allPromptsHint") : i18n.t("items.allResourcesHint"),
            },
            { value: "picked", label: i18n.t("items.picked"), hint: i18n.t("items.pickedHint") },
          ]}
        />
      </span>
    </TreeRowFrame>
  );
}

export const partText = (part: OfferPart): string =>
  part === "prompts" ? i18n.t("items.prompts") : i18n.t("items.resources");

function openText(part: OfferPart, app: string, expanded: boolean): string {
  if (part === "prompts")
    return expanded ? i18n.t("items.closePrompts", { app }) : i18n.t("items.openPrompts", { app });
  return expanded ? i18n.t("items.closeResources", { app }) : i18n.t("items.openResources", { app });
}
