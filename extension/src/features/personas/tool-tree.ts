import type { Scope } from "@agent-personas/shared/persona/scope";
import { toolKey } from "./draft-state.ts";
import type { ListedTool, ToolGroup } from "./tool-groups.ts";
import type { WizardDraft, WizardTool } from "./wizard-draft.ts";

/** What is shown of the tree. An empty query and null filters show everything. */
export type TreeFilter = { query: string; riskClass: Scope | null; selectedOnly: boolean };
export const NO_FILTER: TreeFilter = { query: "", riskClass: null, selectedOnly: false };

export type Selection = "none" | "some" | "all";
export type GroupRow = {
  kind: "group";
  key: string;
  group: ToolGroup;
  expanded: boolean;
  /** Tools of the group that pass the filter: what its checkbox stands for. */
  matching: readonly ListedTool[];
  selection: Selection;
  selected: number;
};
export type ToolTreeRow = {
  kind: "tool";
  key: string;
  group: ToolGroup;
  tool: ListedTool;
  chosen: WizardTool | null;
  position: number;
  siblings: number;
};
export type TreeRow = GroupRow | ToolTreeRow;

export type ChosenTools = ReadonlyMap<string, WizardTool>;

export function chosenTools(draft: WizardDraft): ChosenTools {
  return new Map(draft.tools.map((tool) => [toolKey(tool), tool]));
}

export const chosenIn = (chosen: ChosenTools, group: ToolGroup, tool: ListedTool): WizardTool | null =>
  group.slotId === null
    ? null
    : (chosen.get(toolKey({ slotId: group.slotId, originalName: tool.originalName })) ?? null);

/** The rows on screen, top to bottom. While something is filtered, groups without a match are left out. */
export function flattenTree(
  groups: readonly ToolGroup[],
  chosen: ChosenTools,
  expanded: ReadonlySet<string>,
  filter: TreeFilter,
): TreeRow[] {
  const filtered = isFiltered(filter);
  const words = wordsOf(filter.query);
  return groups.flatMap((group): TreeRow[] => {
    const matching = filtered ? group.tools.filter((tool) => passes(group, tool, chosen, filter, words)) : group.tools;
    if (filtered && matching.length === 0) return [];
    const selected = matching.filter((tool) => chosenIn(chosen, group, tool) !== null).length;
    // A filter opens what it finds; closing it again is possible because the page then stores the opposite.
    const open = filtered ? !expanded.has(searchKey(group)) : expanded.has(group.groupId);
    const row: GroupRow = {
      kind: "group",
      key: group.groupId,
      group,
      expanded: open,
      matching,
      selection: selectionOf(selected, matching.length),
      selected,
    };
    if (!open) return [row];
    return [
      row,
      ...matching.map((tool, index): ToolTreeRow => ({
        kind: "tool",
        key: toolKey({ slotId: group.groupId, originalName: tool.originalName }),
        group,
        tool,
        chosen: chosenIn(chosen, group, tool),
        position: index + 1,
        siblings: matching.length,
      })),
    ];
  });
}

/** The key to add to or take from the set of expanded groups when this row is opened or closed. */
export const expansionKey = (group: ToolGroup, filter: TreeFilter): string =>
  isFiltered(filter) ? searchKey(group) : group.groupId;

export const isFiltered = (filter: TreeFilter): boolean =>
  wordsOf(filter.query).length > 0 || filter.riskClass !== null || filter.selectedOnly;

/** Every word of the query must occur in name, title or description. */
export const matchesQuery = (haystack: string, query: string): boolean =>
  wordsOf(query).every((word) => haystack.includes(word));

const searchKey = (group: ToolGroup): string => `closed:${group.groupId}`;
const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/u).filter(Boolean);

function passes(group: ToolGroup, tool: ListedTool, chosen: ChosenTools, filter: TreeFilter, words: string[]): boolean {
  if (!words.every((word) => tool.haystack.includes(word))) return false;
  if (filter.riskClass === null && !filter.selectedOnly) return true;
  const own = chosenIn(chosen, group, tool);
  if (filter.selectedOnly && own === null) return false;
  return filter.riskClass === null || (own?.riskClass ?? tool.riskClass) === filter.riskClass;
}

function selectionOf(selected: number, all: number): Selection {
  if (selected === 0) return "none";
  return selected === all ? "all" : "some";
}
