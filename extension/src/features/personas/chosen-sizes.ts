import { plainLine } from "../../lib/hidden-characters.ts";
import { toolKey } from "./draft-state.ts";
import type { ToolGroup } from "./tool-groups.ts";
import { type MeteredTool, sizeOfTool, type ToolSize } from "./tool-meter.ts";
import type { WizardDraft } from "./wizard-draft.ts";

/** The chosen tools with key, size and exposed name; the original name stands in until names were asked for. */
export function chosenSizes(
  draft: WizardDraft,
  groups: readonly ToolGroup[],
  names: ReadonlyMap<string, string>,
): (MeteredTool & { key: string })[] {
  const sizes = new Map<string, ToolSize>();
  for (const { slotId, tools } of groups) {
    if (slotId === null) continue;
    for (const { originalName, size } of tools) sizes.set(toolKey({ slotId, originalName }), size);
  }
  return draft.tools.map((tool) => ({
    key: toolKey(tool),
    exposedName: names.get(toolKey(tool)) ?? plainLine(tool.originalName),
    size: sizes.get(toolKey(tool)) ?? sizeOfTool({ name: tool.originalName, inputSchema: { type: "object" } }),
  }));
}
