import { personaDescriptionSchema, personaNameSchema } from "@agent-personas/shared/persona/persona-version";
import { needsConfirmation, prefixProblem } from "./draft-state.ts";
import { passthroughProblems, type PassthroughProblem } from "./passthrough-problems.ts";
import { readPrice } from "./price-draft.ts";
import { countedItems, isUsed, type WizardDraft, type WizardTool } from "./wizard-draft.ts";

export const WIZARD_STEPS = ["basics", "tools", "inbound", "review"] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

/** One thing to mend before a step may be left; `field` says where the page shows it. */
export type DraftProblem = PassthroughProblem | PlainProblem;

type PlainProblem = {
  field: "name" | "description" | "prefix" | "tools" | "inbound";
  code:
    | "nameMissing"
    | "nameLong"
    | "descriptionLong"
    | "noTools"
    | "unserved"
    | "prefixInvalid"
    | "prefixReserved"
    | "prefixTaken"
    | "unconfirmed"
    | "priceWrong"
    | "tooManyItems"
    | "collisions"
    | "noMode";
  slotId?: string;
};

/** Of all apps of a persona together. */
export const MAX_PICKED_ITEMS = 2_000;

const PREFIX_CODES = { invalid: "prefixInvalid", reserved: "prefixReserved", taken: "prefixTaken" } as const;

/** What keeps a step from being left. `collisions` are the names that two tools would share without prefixes. */
export function stepProblems(draft: WizardDraft, step: WizardStep, collisions: readonly string[]): DraftProblem[] {
  switch (step) {
    case "basics":
      return basicProblems(draft);
    case "tools":
      return toolProblems(draft, collisions);
    case "inbound":
      return inboundProblems(draft);
    case "review":
      return firstProblemStep(draft, collisions)?.problems ?? [];
  }
}

/** The first step that is not in order, so that Deploy can lead back to it. */
export function firstProblemStep(draft: WizardDraft, collisions: readonly string[]) {
  for (const step of WIZARD_STEPS.slice(0, 3)) {
    const problems = stepProblems(draft, step, collisions);
    if (problems.length > 0) return { step, problems };
  }
  return null;
}

function basicProblems({ name, description }: WizardDraft): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (name.trim() === "") problems.push({ field: "name", code: "nameMissing" });
  else if (!personaNameSchema.safeParse(name).success) problems.push({ field: "name", code: "nameLong" });
  if (!personaDescriptionSchema.safeParse(description).success) {
    problems.push({ field: "description", code: "descriptionLong" });
  }
  return problems;
}

function inboundProblems(draft: WizardDraft): DraftProblem[] {
  const { accessKeys, interactive, passthrough } = draft.inbound;
  if (passthrough === undefined) return accessKeys || interactive ? [] : [{ field: "inbound", code: "noMode" }];
  const forwarding = draft.slots.filter((slot) => slot.usesForwardedHeaders === true && isUsed(draft, slot));
  return passthroughProblems(passthrough, forwarding.length);
}

function toolProblems(draft: WizardDraft, collisions: readonly string[]): DraftProblem[] {
  const used = draft.slots.filter((slot) => isUsed(draft, slot));
  if (used.length === 0) return [{ field: "tools", code: "noTools" }];
  const problems: DraftProblem[] = [];
  for (const slot of used) {
    if (slot.appId === "" || slot.connectionId === "") {
      problems.push({ field: "tools", code: "unserved", slotId: slot.slotId });
    }
    const problem = draft.prefixing ? prefixProblem(draft, slot) : null;
    if (problem !== null) problems.push({ field: "prefix", code: PREFIX_CODES[problem], slotId: slot.slotId });
  }
  if (draft.tools.some(needsConfirmation)) problems.push({ field: "tools", code: "unconfirmed" });
  if (draft.tools.some(hasWrongPrice)) problems.push({ field: "tools", code: "priceWrong" });
  if (countedItems(draft).length > MAX_PICKED_ITEMS) problems.push({ field: "tools", code: "tooManyItems" });
  if (!draft.prefixing && collisions.length > 0) problems.push({ field: "tools", code: "collisions" });
  return problems;
}

export const hasWrongPrice = ({ price }: WizardTool): boolean =>
  price !== undefined && readPrice(price).problems.length > 0;
