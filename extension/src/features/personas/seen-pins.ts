import { toolKey, type SeenPins } from "./draft-state.ts";
import { itemKey } from "./offer-draft.ts";
import type { ToolGroup } from "./tool-groups.ts";

/** The pins of all that the tool step shows. */
export function seenPins(groups: readonly ToolGroup[]): Required<SeenPins> {
  const tools = new Map<string, string>();
  const items = new Map<string, string>();
  for (const { slotId, tools: listed, items: listedItems } of groups) {
    if (slotId === null) continue;
    for (const { originalName, pin } of listed) tools.set(toolKey({ slotId, originalName }), pin);
    for (const { kind, id, pin } of listedItems) items.set(itemKey({ slotId, kind, id }), pin);
  }
  return { tools, items };
}
