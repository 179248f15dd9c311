import type { Offer } from "@agent-personas/shared/persona/persona-item";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { toolKey } from "./draft-state.ts";
import type { ListedItem } from "./listed-items.ts";
import { itemKey, OFFER_PARTS, offerOf, partOf, pickedItems, type OfferPart } from "./offer-draft.ts";
import type { ListedTool, ToolGroup } from "./tool-groups.ts";
import type { WizardDraft, WizardTool } from "./wizard-draft.ts";

/** What is shown of the tree. An empty query and null filters show everything. */
export type TreeFilter = { query: string; riskClass: Scope | null; selectedOnly: boolean };
export const NO_FILTER: TreeFilter = { query: "", riskClass: null, selectedOnly: false };

export type Selection = "none" | "some" | "all";
export type GroupRow = {
  kind: "group";
  key: string;
  level: 1;
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
  level: 2;
  group: ToolGroup;
  tool: ListedTool;
  chosen: WizardTool | null;
  position: number;
  siblings: number;
};
/** An app's resources (with templates of addresses) or prompts; before its tools, which may be a thousand. */
export type PartRow = {
  kind: "part";
  key: string;
  level: 2;
  group: ToolGroup;
  part: OfferPart;
  offer: Offer;
  expanded: boolean;
  /** Items of the part that pass the filter, and all of them. */
  matching: readonly ListedItem[];
  all: readonly ListedItem[];
  selection: Selection;
  selected: number;
  position: number;
  siblings: number;
};
export type ItemTreeRow = {
  kind: "item";
  key: string;
  level: 3;
  group: ToolGroup;
  part: OfferPart;
  item: ListedItem;
  offered: boolean;
  /** All items of the part. */
  all: readonly ListedItem[];
  position: number;
  siblings: number;
};
export type TreeRow = GroupRow | ToolTreeRow | PartRow | ItemTreeRow;
export type ParentRow = GroupRow | PartRow;

/** What of a draft the tree marks as chosen. */
export type Chosen = {
  tools: ReadonlyMap<string, WizardTool>;
  /** By `itemKey`. */
  items: ReadonlySet<string>;
  slots: ReadonlyMap<string, WizardDraft["slots"][number]>;
};

export function chosenOf(draft: Pick<WizardDraft, "tools" | "items" | "slots">): Chosen {
  return {
    tools: new Map(draft.tools.map((tool) => [toolKey(tool), tool])),
    items: pickedItems(draft),
    slots: new Map(draft.slots.map((slot) => [slot.slotId, slot])),
  };
}

export const chosenIn = (chosen: Chosen, { slotId }: ToolGroup, { originalName }: ListedTool): WizardTool | null =>
  slotId === null ? null : (chosen.tools.get(toolKey({ slotId, originalName })) ?? null);

export const offerIn = (chosen: Chosen, { slotId }: ToolGroup, part: OfferPart): Offer =>
  offerOf(slotId === null ? undefined : chosen.slots.get(slotId), part);

/** The rows on screen, top to bottom. While something is filtered, groups without a match are left out. */
export function flattenTree(
  groups: readonly ToolGroup[],
  chosen: Chosen,
  expanded: ReadonlySet<string>,
  filter: TreeFilter,
): TreeRow[] {
  const filtered = isFiltered(filter);
  const words = wordsOf(filter.query);
  // A filter opens what it finds; closing it again is possible because the page then stores the opposite.
  const isOpen = (key: string) => (filtered ? !expanded.has(searchKey(key)) : expanded.has(key));
  return groups.flatMap((group): TreeRow[] => {
    const matching = filtered ? group.tools.filter((tool) => passes(group, tool, chosen, filter, words)) : group.tools;
    const parts = partsOf(group, chosen, filter, words);
    if (filtered && matching.length === 0 && parts.length === 0) return [];
    const selected = matching.filter((tool) => chosenIn(chosen, group, tool) !== null).length;
    const open = isOpen(group.groupId);
    const row: GroupRow = {
      kind: "group",
      key: group.groupId,
      level: 1,
      group,
      expanded: open,
      matching,
      selection: selectionOf(selected, matching.length),
      selected,
    };
    if (!open) return [row];
    const siblings = matching.length + parts.length;
    const tools = matching.map((tool, index): ToolTreeRow => ({
      kind: "tool",
      key: toolKey({ slotId: group.groupId, originalName: tool.originalName }),
      level: 2,
      group,
      tool,
      chosen: chosenIn(chosen, group, tool),
      position: parts.length + index + 1,
      siblings,
    }));
    const rest = parts.flatMap((part, index): TreeRow[] => {
      const partRow = { ...part, expanded: isOpen(part.key), position: index + 1, siblings };
      return partRow.expanded ? [partRow, ...itemRows(partRow, chosen)] : [partRow];
    });
    return [row, ...rest, ...tools];
  });
}

type FoundPart = Omit<PartRow, "expanded" | "position" | "siblings">;

/** Parts that the app has or the persona offers; items have no risk class, so a filter by it leaves them out. */
function partsOf(group: ToolGroup, chosen: Chosen, filter: TreeFilter, words: readonly string[]): FoundPart[] {
  if (filter.riskClass !== null) return [];
  return OFFER_PARTS.flatMap((part): FoundPart[] => {
    const offer = offerIn(chosen, group, part);
    const all = group.items.filter((item) => partOf(item.kind) === part);
    const matching = all.filter(
      (item) =>
        words.every((word) => item.haystack.includes(word)) &&
        (!filter.selectedOnly || isOfferedIn(chosen, group, offer, item)),
    );
    if (isFiltered(filter) ? matching.length === 0 : all.length === 0 && offer === "none") return [];
    const selected = matching.filter((item) => isOfferedIn(chosen, group, offer, item)).length;
    const selection = offer === "all" ? "all" : selectionOf(selected, matching.length);
    return [
      {
        kind: "part",
        key: `${group.groupId}\n\n${part}`,
        level: 2,
        group,
        part,
        offer,
        matching,
        all,
        selection,
        selected,
      },
    ];
  });
}

function itemRows({ group, part, matching, all, offer }: PartRow, chosen: Chosen): ItemTreeRow[] {
  return matching.map((item, index) => ({
    kind: "item",
    key: itemKey({ slotId: group.groupId, kind: item.kind, id: item.id }),
    level: 3,
    group,
    part,
    item,
    offered: isOfferedIn(chosen, group, offer, item),
    all,
    position: index + 1,
    siblings: matching.length,
  }));
}

const isOfferedIn = (chosen: Chosen, { slotId }: ToolGroup, offer: Offer, { kind, id }: ListedItem): boolean =>
  offer === "all" || (offer === "picked" && slotId !== null && chosen.items.has(itemKey({ slotId, kind, id })));

/** The key to add to or take from the set of expanded rows when this one is opened or closed. */
export const expansionKey = (row: Pick<ParentRow, "key">, filter: TreeFilter): string =>
  isFiltered(filter) ? searchKey(row.key) : row.key;

export const isFiltered = (filter: TreeFilter): boolean =>
  wordsOf(filter.query).length > 0 || filter.riskClass !== null || filter.selectedOnly;

/** Every word of the query must occur in name, title or description. */
export const matchesQuery = (haystack: string, query: string): boolean =>
  wordsOf(query).every((word) => haystack.includes(word));

const searchKey = (key: string): string => `closed:${key}`;
const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/u).filter(Boolean);

function passes(group: ToolGroup, tool: ListedTool, chosen: Chosen, filter: TreeFilter, words: string[]): boolean {
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
