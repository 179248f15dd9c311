import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { i18n } from "#i18n";
import { toggleRow } from "../toggle-row.ts";
import { expansionKey, type ParentRow, type TreeFilter, type TreeRow } from "../tool-tree.ts";
import { treeAction } from "../tree-keys.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { ItemPartRow } from "./item-part-row.tsx";
import { ItemTreeItem } from "./item-tree-item.tsx";
import { ToolGroupRow } from "./tool-group-row.tsx";
import { ToolTreeItem } from "./tool-tree-item.tsx";

type ToolTreeProps = {
  rows: readonly TreeRow[];
  filter: TreeFilter;
  expanded: ReadonlySet<string>;
  onExpandedChange: (expanded: ReadonlySet<string>) => void;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
};

const HEIGHTS = { group: 52, tool: 56, part: 48, item: 56 } as const;

/** A treegrid with one tab stop: arrows move between rows, Tab goes on into the row's controls. */
export const ToolTree = memo(function ToolTree(props: ToolTreeProps) {
  const { rows, filter, expanded, onExpandedChange, draft, onChange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const focusWanted = useRef(false);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const active = Math.max(
    0,
    rows.findIndex((row) => row.key === activeKey),
  );
  // oxlint-disable-next-line react/incompatible-library -- rows are not memoised; no compiler runs over them
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHTS[rows[index]?.kind ?? "tool"],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    // The row with the tab stop stays drawn, so that the focus is not lost by scrolling.
    rangeExtractor: (range) => [...new Set([active, ...defaultRangeExtractor(range)])].toSorted((a, b) => a - b),
  });
  useEffect(() => {
    if (!focusWanted.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!row) return;
    focusWanted.current = false;
    row.focus({ preventScroll: true });
  });

  const setOpen = (row: ParentRow, open: boolean) => {
    const next = new Set(expanded);
    // While something is filtered, what is stored is that a row was closed.
    const key = expansionKey(row, filter);
    const store = key === row.key ? open : !open;
    if (store) next.add(key);
    else next.delete(key);
    onExpandedChange(next);
  };
  const setSelected = (row: TreeRow, selected: boolean) => onChange(toggleRow(draft, row, selected));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const element = event.target;
    if (!(element instanceof HTMLElement) || element.getAttribute("role") !== "row") return;
    if (event.key === "Enter") {
      element.closest("form")?.requestSubmit();
      return;
    }
    const action = treeAction(rows, Number(element.dataset["index"]), event.key);
    if (action === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows[action.index];
    if (row === undefined) return;
    if (action.kind === "focus") {
      focusWanted.current = true;
      setActiveKey(row.key);
      virtualizer.scrollToIndex(action.index);
    } else if (action.kind === "toggle") {
      setSelected(row, !isSelected(row));
    } else if ("expanded" in row) {
      setOpen(row, action.kind === "expand");
    }
  };

  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label={i18n.t("wizard.tree")}
      aria-multiselectable="true"
      aria-rowcount={rows.length}
      onKeyDown={onKeyDown}
      className="max-h-[max(20rem,calc(100dvh-25rem))] overflow-y-auto"
    >
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = {
            index,
            start,
            active: index === active,
            onFocus: () => setActiveKey(row.key),
            onSelect: (selected: boolean) => setSelected(row, selected),
          };
          const common = { ref: virtualizer.measureElement, place, draft, onChange };
          switch (row.kind) {
            case "group":
              return <ToolGroupRow key={key} row={row} onOpenChange={(open) => setOpen(row, open)} {...common} />;
            case "tool":
              return <ToolTreeItem key={key} row={row} {...common} />;
            case "part":
              return <ItemPartRow key={key} row={row} onOpenChange={(open) => setOpen(row, open)} {...common} />;
            case "item":
              return <ItemTreeItem key={key} ref={common.ref} row={row} place={place} />;
          }
        })}
      </div>
    </div>
  );
});

function isSelected(row: TreeRow): boolean {
  switch (row.kind) {
    case "group":
    case "part":
      return row.selection === "all";
    case "tool":
      return row.chosen !== null;
    case "item":
      return row.offered;
  }
}
