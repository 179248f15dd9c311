import type { ItemRow } from "../../db/rows.ts";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { plainLine } from "../../lib/hidden-characters.ts";
import { approvedItems, type ApprovedItem } from "./approved-items.ts";
import { itemKey } from "./offer-draft.ts";
import type { SlotView } from "./persona-summary.ts";
import { liveState, type ToolState } from "./tool-state.ts";
import { matchesQuery } from "./tool-tree.ts";
import { compareNames } from "../../lib/compare-names.ts";

/** A resource, template or prompt of a persona as its page shows it. */
export type ItemView = {
  key: string;
  item: ApprovedItem;
  title: string | null;
  description: string | null;
  state: ToolState;
  /** What the app lists now, when it differs from what was approved. */
  listed: ItemRow | null;
};

/** Everything that a version offers beside tools, with what reading it would meet now. */
export function viewItems(version: PersonaVersion, slots: readonly SlotView[], rows: readonly ItemRow[]): ItemView[] {
  const connections = new Map(slots.map((slot) => [slot.slotId, slot.connection]));
  const byKey = new Map(rows.map((row) => [rowKey(row.connectionId, row), row]));
  return approvedItems(version).map((item): ItemView => {
    const connection = connections.get(item.slotId) ?? null;
    const row = byKey.get(rowKey(connection?.connectionId ?? "", item));
    const state = liveState(item.pin, { connection, row });
    const title = plainLine(item.definition.title ?? item.definition.name);
    return {
      key: itemKey(item),
      item,
      title: ["", item.exposedName, item.id].includes(title) ? null : title,
      description: item.definition.description ?? null,
      state,
      listed: state === "changed" ? (row ?? null) : null,
    };
  });
}

export function filterItems(
  items: readonly ItemView[],
  filter: { query: string; state: ToolState | "any" },
): ItemView[] {
  return items
    .filter(({ state }) => filter.state === "any" || state === filter.state)
    .filter(({ item, title, description }) =>
      matchesQuery(`${item.exposedName}\n${item.id}\n${title ?? ""}\n${description ?? ""}`.toLowerCase(), filter.query),
    )
    .toSorted((a, b) => compareNames(a.item.exposedName, b.item.exposedName));
}

const rowKey = (connectionId: string, { kind, id }: Pick<ItemRow, "kind" | "id">): string =>
  `${connectionId}\n${kind}\n${id}`;
