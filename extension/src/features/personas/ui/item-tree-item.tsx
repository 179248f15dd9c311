import { Info } from "lucide-react";
import { useState, type Ref } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import type { ItemTreeRow } from "../tool-tree.ts";
import { ItemDialog } from "./item-dialog.tsx";
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

const DESCRIPTION_SHOWN = 200;

/** One resource, template of addresses or prompt. */
export function ItemTreeItem({ row, place, ref }: { row: ItemTreeRow; place: RowPlace; ref: Ref<HTMLDivElement> }) {
  const [open, setOpen] = useState(false);
  const { item, offered, position, siblings } = row;
  const fixed = item.state === "removed" && !offered;
  const description = plainLine(item.description.slice(0, DESCRIPTION_SHOWN));
  return (
    <TreeRowFrame
      ref={ref}
      place={place}
      aria-level={3}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={offered}
      aria-label={item.label}
      className="flex flex-wrap items-start gap-x-3 gap-y-1.5 py-2 ps-17.5 pe-2"
    >
      <span role="gridcell" className="flex h-5.5 items-center">
        <Checkbox
          checked={offered}
          onChange={place.onSelect}
          disabled={fixed}
          tabIndex={place.active ? 0 : -1}
          aria-label={item.label}
        />
      </span>
      <span
        role="gridcell"
        className="flex min-w-0 flex-1 basis-40 cursor-pointer flex-col"
        onClick={() => {
          if (!fixed) place.onSelect(!offered);
        }}
      >
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span dir="ltr" className="font-mono text-sm break-all">
            {item.label}
          </span>
          {item.title !== null && <span className="truncate text-sm text-muted">{item.title}</span>}
        </span>
        {description !== "" && (
          <span dir="auto" className="truncate text-sm text-muted">
            {description}
          </span>
        )}
      </span>
      <span role="gridcell" className="flex flex-wrap items-center gap-1.5">
        {item.kind === "template" && <Badge>{i18n.t("items.template")}</Badge>}
        {item.state === "removed" && <Badge tone="warning">{i18n.t("personas.toolRemoved")}</Badge>}
        {item.state === "changed" && <Badge tone="warning">{i18n.t("personas.toolChanged")}</Badge>}
        <IconButton
          size="sm"
          label={i18n.t("personas.definitionOf", { tool: item.label })}
          tabIndex={place.active ? 0 : -1}
          onClick={() => setOpen(true)}
        >
          <Info aria-hidden />
        </IconButton>
      </span>
      {open && (
        <ItemDialog
          title={item.label}
          definition={item.approved ?? item.definition}
          listed={item.approved === null ? null : item.definition}
          onClose={() => setOpen(false)}
        />
      )}
    </TreeRowFrame>
  );
}
