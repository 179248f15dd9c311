import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { i18n } from "#i18n";
import { ensureSlot, selectTools } from "../draft-state.ts";
import { expansionKey, type GroupRow, type TreeFilter, type TreeRow } from "../tool-tree.ts";
import { treeAction } from "../tree-keys.ts";
import type { WizardDraft } from "../wizard-draft.ts";
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

const GROUP_HEIGHT = 52;
const TOOL_HEIGHT = 56;

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
    estimateSize: (index) => (rows[index]?.kind === "group" ? GROUP_HEIGHT : TOOL_HEIGHT),
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

  const setOpen = (row: GroupRow, open: boolean) => {
    const next = new Set(expanded);
    // While something is filtered, what is stored is that a group was closed.
    const key = expansionKey(row.group, filter);
    const store = key === row.group.groupId ? open : !open;
    if (store) next.add(key);
    else next.delete(key);
    onExpandedChange(next);
  };
  const setSelected = (row: TreeRow, selected: boolean) => {
    const { source, slotId: present } = row.group;
    const tools = row.kind === "group" ? row.matching : [row.tool];
    const choices = tools
      .filter((tool) => !selected || tool.state !== "removed")
      .map(({ originalName, riskClass }) => ({ originalName, riskClass }));
    const [withSlot, slotId] = source === null ? [draft, present] : ensureSlot(draft, source);
    if (slotId !== null) onChange(selectTools(withSlot, slotId, choices, selected));
  };
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
      setSelected(row, row.kind === "group" ? row.selection !== "all" : row.chosen === null);
    } else if (row.kind === "group") {
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
          return row.kind === "group" ? (
            <ToolGroupRow
              key={key}
              ref={virtualizer.measureElement}
              row={row}
              place={place}
              draft={draft}
              onChange={onChange}
              onOpenChange={(open) => setOpen(row, open)}
            />
          ) : (
            <ToolTreeItem
              key={key}
              ref={virtualizer.measureElement}
              row={row}
              place={place}
              draft={draft}
              onChange={onChange}
            />
          );
        })}
      </div>
    </div>
  );
});
