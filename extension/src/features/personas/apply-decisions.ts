import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { PersonaDraft } from "../../messages/persona-draft.ts";
import { approvedItems } from "./approved-items.ts";
import type { ChangedThing } from "./changed-things.ts";
import { selectTools, toolKey, toPersonaDraft } from "./draft-state.ts";
import { itemKey, partOf, pickItems } from "./offer-draft.ts";
import type { WizardDraft } from "./wizard-draft.ts";

type Decided = { thing: ChangedThing; accepted: boolean };

/** The edit that accepts or takes out each changed thing and leaves all others as they were approved. */
export function applyDecisions(
  base: WizardDraft,
  version: PersonaVersion,
  decided: readonly Decided[],
): PersonaDraft | null {
  const approved = approvedItems(version);
  const refused = decided.filter(({ accepted }) => !accepted).map(({ thing }) => thing);
  const draft = refused.reduce((next, { tool, item }): WizardDraft => {
    if (tool !== null) return selectTools(next, tool.slotId, [{ ...tool, riskClass: "read" }], false);
    const { slotId, kind } = item;
    const part = partOf(kind);
    const all = approved.filter((each) => each.slotId === slotId && partOf(each.kind) === part);
    return pickItems(next, { slotId, part }, { keys: [item], all, picked: false });
  }, base);
  const tools = new Map(version.tools.map((tool) => [toolKey(tool), tool.pin]));
  const items = new Map(approved.map((item) => [itemKey(item), item.pin]));
  const acceptedItems: NonNullable<PersonaDraft["items"]> = [];
  for (const { thing, accepted } of decided) {
    if (!accepted) continue;
    if (thing.tool !== null) tools.set(toolKey(thing.tool), thing.pin);
    else {
      items.set(itemKey(thing.item), thing.pin);
      acceptedItems.push({ ...thing.item, pin: thing.pin });
    }
  }
  const ready = toPersonaDraft(draft, { tools, items });
  if (ready === null) return null;
  // Where all is offered nothing is picked, so what was accepted has to be said.
  const sent = new Set((ready.items ?? []).map(itemKey));
  return { ...ready, items: [...(ready.items ?? []), ...acceptedItems.filter((item) => !sent.has(itemKey(item)))] };
}
