import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ItemRow, ToolRow } from "../../db/rows.ts";
import { plainLine } from "../../lib/hidden-characters.ts";
import type { Definition } from "./changed-span.ts";
import { toolKey, type ToolKey } from "./draft-state.ts";
import type { ItemKey } from "./offer-draft.ts";
import { viewItems } from "./persona-items.ts";
import type { SlotView } from "./persona-summary.ts";
import { toolState } from "./tool-state.ts";

/** A tool, resource, template or prompt that its app defines in another way than it was approved. */
export type ChangedThing = {
  key: string;
  /** As AI clients see it, without what nobody can see. */
  name: string;
  before: Definition;
  after: Definition;
  /** Of `after`. */
  pin: string;
} & ({ tool: ToolKey; item: null } | { tool: null; item: ItemKey });

export function changedThings(
  version: PersonaVersion,
  slots: readonly SlotView[],
  listed: { tools: readonly ToolRow[]; items: readonly ItemRow[] },
): ChangedThing[] {
  const connections = new Map(slots.map((slot) => [slot.slotId, slot.connection]));
  const rows = new Map(listed.tools.map((row) => [`${row.connectionId}\n${row.name}`, row]));
  const tools = version.tools.flatMap((tool): ChangedThing[] => {
    const connection = connections.get(tool.slotId) ?? null;
    const row = rows.get(`${connection?.connectionId ?? ""}\n${tool.originalName}`);
    if (row === undefined || toolState(version, tool, { connection, row }) !== "changed") return [];
    const { slotId, originalName, exposedName, definition } = tool;
    const key = `tool\n${toolKey(tool)}`;
    return [
      {
        key,
        name: exposedName,
        before: definition,
        after: row.definition,
        pin: row.pin,
        tool: { slotId, originalName },
        item: null,
      },
    ];
  });
  const items = viewItems(version, slots, listed.items).flatMap(({ key, item, listed: row }): ChangedThing[] => {
    if (row === null) return [];
    const { slotId, kind, id, exposedName, definition } = item;
    return [
      {
        key,
        name: plainLine(exposedName),
        before: definition,
        after: row.definition,
        pin: row.pin,
        tool: null,
        item: { slotId, kind, id },
      },
    ];
  });
  return [...tools, ...items];
}
