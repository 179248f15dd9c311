import { offerSchema } from "@agent-personas/shared/persona/persona-item";
import { personaIdSchema, slotIdSchema } from "@agent-personas/shared/primitives/id";
import { policySchema, type InboundModes, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { z } from "zod";
import type { AppRow, BindingRow, PersonaRow } from "../../db/rows.ts";
import { approvedItems } from "./approved-items.ts";
import { offerOf, offersItems, partOf } from "./offer-draft.ts";
import { draftOfPassthrough, passthroughDraftSchema } from "./passthrough-draft.ts";
import { draftOfPrice, priceDraftSchema } from "./price-draft.ts";

/** A persona while its texts are still being typed: shaped like `PersonaDraft`, but names and prefixes may be wrong. */
export const wizardDraftSchema = z.strictObject({
  personaId: personaIdSchema.nullable(),
  baseVersion: z.int().min(1).nullable(),
  name: z.string().max(1_000),
  description: z.string().max(5_000),
  inbound: z.strictObject({
    accessKeys: z.boolean(),
    interactive: z.boolean(),
    passthrough: passthroughDraftSchema.optional(),
  }),
  prefixing: z.boolean(),
  policies: z.strictObject({ read: policySchema, write: policySchema, destructive: z.literal("never") }),
  slots: z
    .array(
      z.strictObject({
        slotId: slotIdSchema,
        appId: z.string(),
        connectionId: z.string(),
        prefix: z.string().max(200),
        usesForwardedHeaders: z.boolean().optional(),
        resources: offerSchema.optional(),
        prompts: offerSchema.optional(),
      }),
    )
    .max(64),
  tools: z
    .array(
      z.strictObject({
        slotId: slotIdSchema,
        originalName: z.string().min(1).max(256),
        riskClass: scopeSchema,
        policy: policySchema.optional(),
        price: priceDraftSchema.optional(),
        overrides: z.strictObject({ title: z.string().optional(), description: z.string().optional() }),
      }),
    )
    .max(2_000),
  /** Picked resources, templates and prompts; they count where their slot offers what is picked. */
  items: z
    .array(
      z.strictObject({
        slotId: slotIdSchema,
        kind: z.enum(["resource", "template", "prompt"]),
        id: z.string().min(1).max(2_000),
      }),
    )
    .max(10_000)
    .default([]),
  /** Search mode; absent is off. A favourite counts while its tool is chosen. */
  search: z
    .strictObject({
      favourites: z
        .array(z.strictObject({ slotId: slotIdSchema, originalName: z.string().min(1).max(256) }))
        .max(2_000),
    })
    .optional(),
  lossless: z.boolean().optional(),
});
export type WizardDraft = z.infer<typeof wizardDraftSchema>;
export type WizardSlot = WizardDraft["slots"][number];
export type WizardTool = WizardDraft["tools"][number];

export function emptyDraft(): WizardDraft {
  return {
    personaId: null,
    baseVersion: null,
    name: "",
    description: "",
    // The safe default: nothing to copy, nothing to leak.
    inbound: { accessKeys: false, interactive: true },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [],
    tools: [],
    items: [],
  };
}

/** The accepted version as the wizard edits it. A slot without an app or a connection here has empty ids. */
export function draftOfPersona(row: PersonaRow, bindings: readonly BindingRow[], apps: readonly AppRow[]): WizardDraft {
  const { accepted } = row;
  const appIds = new Map(apps.map((app) => [app.url, app.appId]));
  const bound = new Map(
    bindings.filter((binding) => binding.personaId === row.personaId).map((b) => [b.slotId, b.connectionId]),
  );
  return {
    personaId: row.personaId,
    baseVersion: accepted.version,
    name: accepted.name,
    description: accepted.description,
    inbound: inboundOf(accepted.inbound),
    prefixing: accepted.prefixing,
    policies: accepted.policies,
    slots: accepted.slots.map(({ slotId, appUrl, prefix, usesForwardedHeaders, resources, prompts }) => ({
      slotId,
      appId: appIds.get(appUrl) ?? "",
      connectionId: bound.get(slotId) ?? "",
      prefix,
      ...(usesForwardedHeaders === true && { usesForwardedHeaders }),
      ...(resources !== undefined && resources !== "none" && { resources }),
      ...(prompts !== undefined && prompts !== "none" && { prompts }),
    })),
    tools: accepted.tools.map(({ slotId, originalName, riskClass, policy, price, overrides }) => ({
      slotId,
      originalName,
      riskClass,
      ...(policy !== undefined && { policy }),
      ...(price !== undefined && { price: draftOfPrice(price) }),
      overrides,
    })),
    items: pickedOf(accepted),
    ...(accepted.search !== undefined && { search: { favourites: favouritesOf(accepted) } }),
    ...(accepted.lossless === true && { lossless: true }),
  };
}

function pickedOf(version: PersonaVersion): WizardDraft["items"] {
  const slots = new Map(version.slots.map((slot) => [slot.slotId, slot]));
  return approvedItems(version)
    .filter(({ slotId, kind }) => offerOf(slots.get(slotId), partOf(kind)) === "picked")
    .map(({ slotId, kind, id }) => ({ slotId, kind, id }));
}

function favouritesOf({ search, tools }: PersonaVersion): { slotId: string; originalName: string }[] {
  const names = new Set(search?.favourites);
  return tools
    .filter((tool) => names.has(tool.exposedName))
    .map(({ slotId, originalName }) => ({ slotId, originalName }));
}

const inboundOf = ({ passthrough, ...modes }: InboundModes): WizardDraft["inbound"] =>
  passthrough === undefined ? modes : { ...modes, passthrough: draftOfPassthrough(passthrough) };

/** Reads what the drafts table kept; null when it is not a draft of this version of the extension. */
export function readDraft(stored: unknown): WizardDraft | null {
  const parsed = wizardDraftSchema.safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** Whether two drafts would save the same persona, so that nothing is asked or kept for no change. */
export function sameDraft(left: WizardDraft, right: WizardDraft): boolean {
  return JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));
}

function comparable(draft: WizardDraft) {
  const { search, lossless, ...rest } = draft;
  return {
    ...rest,
    name: draft.name.trim(),
    description: draft.description.trim(),
    slots: draft.slots
      .filter((slot) => isUsed(draft, slot))
      .map(({ resources, prompts, ...slot }) => ({ ...slot, resources, prompts }))
      .toSorted((a, b) => (a.slotId < b.slotId ? -1 : 1)),
    tools: inOrder(draft.tools),
    items: inOrder(countedItems(draft)),
    search: search === undefined ? null : inOrder(countedFavourites(draft)),
    lossless: lossless === true,
  };
}

/** Picked items of slots that offer what is picked. */
export function countedItems(draft: WizardDraft): WizardDraft["items"] {
  const slots = new Map(draft.slots.map((slot) => [slot.slotId, slot]));
  return draft.items.filter(({ slotId, kind }) => offerOf(slots.get(slotId), partOf(kind)) === "picked");
}

/** Favourites whose tools are chosen. */
export function countedFavourites(draft: WizardDraft): { slotId: string; originalName: string }[] {
  const chosen = new Set(draft.tools.map((tool) => orderKey(tool)));
  return (draft.search?.favourites ?? []).filter((favourite) => chosen.has(orderKey(favourite)));
}

/** A slot counts once something of its app is chosen. */
export const isUsed = (draft: WizardDraft, slot: WizardSlot): boolean =>
  draft.tools.some((tool) => tool.slotId === slot.slotId) || offersItems(draft, slot);

type Ordered = { slotId: string; originalName?: string; kind?: string; id?: string };
const orderKey = ({ slotId, originalName, kind, id }: Ordered): string => [slotId, originalName, kind, id].join("\n");
const inOrder = <T extends Ordered>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1));
