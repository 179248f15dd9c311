import {
  inboundSchema,
  personaDescriptionSchema,
  personaNameSchema,
  policySchema,
} from "@agent-personas/shared/persona/persona-version";
import { priceSchema } from "@agent-personas/shared/persona/price";
import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { pinSchema } from "@agent-personas/shared/persona/tool-definition";
import { offerSchema, recipeSchema } from "@agent-personas/shared/persona/persona-item";
import { prefixSchema } from "@agent-personas/shared/persona/tool-name";
import { personaIdSchema, slotIdSchema } from "@agent-personas/shared/primitives/id";
import { z } from "zod";

/** A slot while it is edited: which app, under which prefix, served here by which connection. */
export const draftSlotSchema = z.strictObject({
  slotId: slotIdSchema,
  appId: z.string(),
  connectionId: z.string(),
  prefix: prefixSchema,
  usesForwardedHeaders: z.boolean().optional(),
  resources: offerSchema.optional(),
  prompts: offerSchema.optional(),
});
export type DraftSlot = z.infer<typeof draftSlotSchema>;

/** A chosen tool while it is edited; definition and pin are taken from the app's list when saving. */
export const draftToolSchema = z.strictObject({
  slotId: slotIdSchema,
  originalName: z.string().min(1).max(256),
  riskClass: scopeSchema,
  /** `allow` on a destructive tool is the person's confirmation. */
  policy: policySchema.optional(),
  /** Of the definition the person saw: saving answers `tool_changed` when the app lists another by now. */
  pin: pinSchema.optional(),
  price: priceSchema.optional(),
  overrides: z.strictObject({
    title: z.string().trim().min(1).max(200).optional(),
    description: z.string().trim().min(1).max(10_000).optional(),
  }),
});
export type DraftTool = z.infer<typeof draftToolSchema>;

/** A resource, template or prompt that was picked; with the pin of the definition that the person saw, if it was shown. */
export const draftItemSchema = z.strictObject({
  slotId: slotIdSchema,
  kind: z.enum(["resource", "template", "prompt"]),
  id: z.string().min(1).max(2_000),
  pin: pinSchema.optional(),
});

/** What the wizard edits. `personaId` and `baseVersion` are null for a new persona. */
export const personaDraftSchema = z.strictObject({
  personaId: personaIdSchema.nullable(),
  baseVersion: z.int().min(1).nullable(),
  name: personaNameSchema,
  description: personaDescriptionSchema,
  inbound: inboundSchema,
  prefixing: z.boolean(),
  policies: z.strictObject({ read: policySchema, write: policySchema, destructive: z.literal("never") }),
  slots: z.array(draftSlotSchema).max(64),
  tools: z.array(draftToolSchema).max(2_000),
  /** Of slots that offer what is picked; of those that offer all, the ones whose changed definition is accepted. */
  items: z.array(draftItemSchema).max(2_500).optional(),
  /** Absent leaves them as they are. */
  recipes: z.array(recipeSchema).max(50).optional(),
  search: z
    .strictObject({ favourites: z.array(draftToolSchema.pick({ slotId: true, originalName: true })).max(40) })
    .optional(),
  lossless: z.boolean().optional(),
});
export type PersonaDraft = z.infer<typeof personaDraftSchema>;
