import { prefixSchema, suggestPrefix } from "@agent-personas/shared/persona/tool-name";
import type { Policy } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import { personaDraftSchema, type PersonaDraft } from "../../messages/persona-draft.ts";
import { toPassthrough } from "./passthrough-draft.ts";
import { readPrice, type PriceDraft } from "./price-draft.ts";
import { itemKey } from "./offer-draft.ts";
import {
  countedFavourites,
  countedItems,
  isUsed,
  type WizardDraft,
  type WizardSlot,
  type WizardTool,
} from "./wizard-draft.ts";

/** One account of an app, as the tool step offers it. */
export type SlotSource = { appId: string; connectionId: string; appName: string; label: string };
/** A tool to be chosen, with the class its app or the person gave it. */
export type ToolChoice = { originalName: string; riskClass: Scope };

/** Makes sure that a slot stands for this connection; the second value is its id. */
export function ensureSlot(draft: WizardDraft, source: SlotSource): [WizardDraft, string] {
  const present = draft.slots.find((slot) => slot.connectionId === source.connectionId);
  if (present !== undefined) return [draft, present.slotId];
  const slot: WizardSlot = {
    slotId: createId("slot"),
    appId: source.appId,
    connectionId: source.connectionId,
    prefix: suggestedPrefix(draft, source),
  };
  return [{ ...draft, slots: [...draft.slots, slot] }, slot.slotId];
}

/** Ticks or unticks tools of one slot; ticking keeps what was set for a tool that is ticked already. */
export function selectTools(
  draft: WizardDraft,
  slotId: string,
  choices: readonly ToolChoice[],
  selected: boolean,
): WizardDraft {
  const names = new Set(choices.map((choice) => choice.originalName));
  if (!selected) {
    return { ...draft, tools: draft.tools.filter((tool) => tool.slotId !== slotId || !names.has(tool.originalName)) };
  }
  for (const tool of draft.tools) if (tool.slotId === slotId) names.delete(tool.originalName);
  const added = choices
    .filter((choice) => names.has(choice.originalName))
    .map(({ originalName, riskClass }): WizardTool => ({ slotId, originalName, riskClass, overrides: {} }));
  return { ...draft, tools: [...draft.tools, ...added] };
}

/** Sets a ticked tool's policy; null goes back to that of its class. */
export function setToolPolicy(draft: WizardDraft, key: ToolKey, policy: Policy | null): WizardDraft {
  return changeTool(draft, key, ({ policy: _, ...tool }) => (policy === null ? tool : { ...tool, policy }));
}

/** Changes a ticked tool's risk class. What was confirmed for the former class is asked again. */
export function setToolRisk(draft: WizardDraft, key: ToolKey, riskClass: Scope): WizardDraft {
  return changeTool(draft, key, ({ policy: _, ...tool }) => ({ ...tool, riskClass }));
}

/** Sets what a ticked tool costs; undefined leaves it to what the app states. */
export function setToolPrice(draft: WizardDraft, key: ToolKey, price: PriceDraft | undefined): WizardDraft {
  return changeTool(draft, key, ({ price: _, ...tool }) => (price === undefined ? tool : { ...tool, price }));
}

/** Opens an app to passthrough callers, or closes it. */
export function setForwarding(draft: WizardDraft, slotId: string, forwarding: boolean): WizardDraft {
  const change = ({ usesForwardedHeaders: _, ...slot }: WizardSlot): WizardSlot =>
    forwarding ? { ...slot, usesForwardedHeaders: true } : slot;
  return { ...draft, slots: draft.slots.map((slot) => (slot.slotId === slotId ? change(slot) : slot)) };
}

export function setSlotPrefix(draft: WizardDraft, slotId: string, prefix: string): WizardDraft {
  return { ...draft, slots: draft.slots.map((slot) => (slot.slotId === slotId ? { ...slot, prefix } : slot)) };
}

/** A destructive tool that is ticked but not yet confirmed: it is shown and never executed. */
export const needsConfirmation = (tool: Pick<WizardTool, "riskClass" | "policy">): boolean =>
  tool.riskClass === "destructive" && tool.policy === undefined;

/** The prefix by which a slot's names are made, or what is wrong with it. */
export function prefixProblem(draft: WizardDraft, slot: WizardSlot): "invalid" | "reserved" | "taken" | null {
  if (slot.prefix.toLowerCase() === "persona") return "reserved";
  if (!prefixSchema.safeParse(slot.prefix).success) return "invalid";
  const same = (other: WizardSlot) =>
    other.slotId !== slot.slotId && other.prefix.toLowerCase() === slot.prefix.toLowerCase() && isUsed(draft, other);
  return draft.slots.some(same) ? "taken" : null;
}

/** Pins of the definitions that the person saw, by `toolKey` and `itemKey`. */
export type SeenPins = { tools?: ReadonlyMap<string, string>; items?: ReadonlyMap<string, string> };

/** What saving sends: slots of which nothing is chosen left out. Null while something typed is not valid. */
export function toPersonaDraft(
  draft: WizardDraft,
  { tools: pins, items: itemPins }: SeenPins = {},
): PersonaDraft | null {
  const { passthrough, ...modes } = draft.inbound;
  const slots = draft.slots.filter((slot) => isUsed(draft, slot));
  const parsed = personaDraftSchema.safeParse({
    ...draft,
    inbound: passthrough === undefined ? modes : { ...modes, passthrough: toPassthrough(passthrough) },
    // The mark means nothing without passthrough, and is not to come back with it unseen.
    slots: passthrough === undefined ? slots.map(({ usesForwardedHeaders: _, ...slot }) => slot) : slots,
    tools: draft.tools.map(({ price, ...tool }) => ({
      ...tool,
      ...(price !== undefined && { price: readPrice(price).price }),
      pin: pins?.get(toolKey(tool)),
    })),
    items: countedItems(draft).map((item) => ({ ...item, pin: itemPins?.get(itemKey(item)) })),
    search: draft.search && { favourites: countedFavourites(draft) },
  });
  return parsed.success ? parsed.data : null;
}

export const toolKey = ({ slotId, originalName }: ToolKey): string => `${slotId}\n${originalName}`;

export type ToolKey = { slotId: string; originalName: string };

function changeTool(draft: WizardDraft, key: ToolKey, change: (tool: WizardTool) => WizardTool): WizardDraft {
  const matches = (tool: WizardTool) => tool.slotId === key.slotId && tool.originalName === key.originalName;
  return { ...draft, tools: draft.tools.map((tool) => (matches(tool) ? change(tool) : tool)) };
}

/** The app's name, then with the account's label, then with a number, whichever no other slot has. */
export function suggestedPrefix(draft: WizardDraft, { appName, label }: SlotSource): string {
  const taken = new Set(draft.slots.map((slot) => slot.prefix.toLowerCase()));
  const first = suggestPrefix(appName);
  const labelled = suggestPrefix(`${first.slice(0, 23 - Math.min(label.length, 10))}-${label.slice(0, 10)}`);
  const numbered = Array.from({ length: 64 }, (_, index) => `${first.slice(0, 21)}-${index + 2}`);
  return [first, labelled, ...numbered].find((prefix) => !taken.has(prefix.toLowerCase())) ?? first;
}
