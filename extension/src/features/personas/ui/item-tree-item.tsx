import { useState, type Ref } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import type { ItemTreeRow } from "../tool-tree.ts";
import { ItemDialog } from "./item-dialog.tsx";
import { DefinitionButton, LeafCells } from "./tree-row-parts.tsx";
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

/** One resource, template of addresses or prompt. */
export function ItemTreeItem({ row, place, ref }: { row: ItemTreeRow; place: RowPlace; ref: Ref<HTMLDivElement> }) {
  const [open, setOpen] = useState(false);
  const { item, offered, position, siblings } = row;
  const fixed = item.state === "removed" && !offered;
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
      <LeafCells
        label={item.label}
        title={item.title}
        description={item.description}
        selected={offered}
        fixed={fixed}
        place={place}
      />
      <span role="gridcell" className="flex flex-wrap items-center gap-1.5">
        {item.kind === "template" && <Badge>{i18n.t("items.template")}</Badge>}
        {item.state === "removed" && <Badge tone="warning">{i18n.t("personas.toolRemoved")}</Badge>}
        {item.state === "changed" && <Badge tone="warning">{i18n.t("personas.toolChanged")}</Badge>}
        <DefinitionButton label={item.label} place={place} onOpen={() => setOpen(true)} />
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
