import { z } from "zod";
import { deviceIdSchema, personaIdSchema, slotIdSchema } from "../primitives/id.ts";
import {
  offerSchema,
  personaPromptSchema,
  personaResourceSchema,
  personaTemplateSchema,
  recipeSchema,
} from "./persona-item.ts";
import { mirroredParams, withoutMirroring } from "../mcp/mirrored-params.ts";
import { passthroughSchema } from "./passthrough.ts";
import { priceOf, priceSchema } from "./price.ts";
import { priceText } from "./price-text.ts";
import { scopeSchema } from "./scope.ts";
import { pinSchema, toolDefinitionSchema, type ToolDefinition } from "./tool-definition.ts";
import { exposedNameSchema, isReservedName, prefixSchema } from "./tool-name.ts";

/** Whether a call is executed; *ask me* is not offered yet. */
export const policySchema = z.enum(["allow", "never"]);
export type Policy = z.infer<typeof policySchema>;

/** An app as a persona names it. Which connection serves it is decided by each device's bindings. */
export const slotSchema = z.strictObject({
  slotId: slotIdSchema,
  appUrl: z.url().max(2_000),
  appName: z.string().trim().min(1).max(80),
  prefix: prefixSchema,
  /** Passthrough callers reach this app, with their headers and without any stored credential; they reach no other. */
  usesForwardedHeaders: z.boolean().optional(),
  /** Absent is none. */
  resources: offerSchema.optional(),
  prompts: offerSchema.optional(),
});
export type Slot = z.infer<typeof slotSchema>;

/** A chosen tool: where it comes from, how it is shown, what was approved. */
export const personaToolSchema = z.strictObject({
  slotId: slotIdSchema,
  originalName: z.string().min(1).max(256),
  exposedName: exposedNameSchema,
  riskClass: scopeSchema,
  /** Overrides the policy of its class. A destructive tool is callable only with `allow` here. */
  policy: policySchema.optional(),
  overrides: z.strictObject({
    title: z.string().trim().min(1).max(200).optional(),
    description: z.string().trim().min(1).max(10_000).optional(),
  }),
  /** Set by the owner; absent is what the app states, if it states any. */
  price: priceSchema.optional(),
  pin: pinSchema,
  definition: toolDefinitionSchema,
});
export type PersonaTool = z.infer<typeof personaToolSchema>;

export const personaNameSchema = z.string().trim().min(1).max(80);
export const personaDescriptionSchema = z.string().trim().max(500);

/** The ways in. A member that an older version lacks is off. */
export const inboundSchema = z.strictObject({
  accessKeys: z.boolean(),
  /** OAuth sign-in of AI clients at the persona's endpoint. */
  interactive: z.boolean().default(false),
  /** Callers that bring the apps' credentials themselves; absent is off. */
  passthrough: passthroughSchema.optional(),
});
export type InboundModes = z.infer<typeof inboundSchema>;

/**
 * One version of a persona's definition: what its author's device signs, what the relay serves
 * `tools/list` from, and what a device enforces once its person accepted it. It holds no credential
 * and names no connection.
 */
export const personaVersionSchema = z
  .strictObject({
    format: z.literal(1),
    personaId: personaIdSchema,
    version: z.int().min(1),
    deviceId: deviceIdSchema,
    savedAt: z.int().min(0),
    name: personaNameSchema,
    description: personaDescriptionSchema,
    audience: z.literal("me"),
    status: z.enum(["active", "paused"]),
    inbound: inboundSchema,
    prefixing: z.boolean(),
    policies: z.strictObject({ read: policySchema, write: policySchema, destructive: z.literal("never") }),
    slots: z.array(slotSchema).max(64),
    tools: z.array(personaToolSchema).max(2_000),
    resources: z.array(personaResourceSchema).max(2_000).optional(),
    templates: z.array(personaTemplateSchema).max(500).optional(),
    prompts: z.array(personaPromptSchema).max(500).optional(),
    recipes: z.array(recipeSchema).max(50).optional(),
    /** `tools/list` shows two tools that find and call all others, beside `favourites`. */
    search: z.strictObject({ favourites: z.array(exposedNameSchema).max(40) }).optional(),
    /** Schemas reach every client as the app wrote them, also those that cannot read them. */
    lossless: z.boolean().optional(),
  })
  .superRefine((version, context) => {
    const report = (message: string, path: PropertyKey[]) => context.addIssue({ code: "custom", message, path });
    const slotIds = new Set(version.slots.map((slot) => slot.slotId));
    if (slotIds.size < version.slots.length) report("Two slots have the same id.", ["slots"]);
    const exposed = new Set<string>();
    const originals = new Set<string>();
    for (const [index, tool] of version.tools.entries()) {
      if (!slotIds.has(tool.slotId)) report("The tool's slot is not in this persona.", ["tools", index, "slotId"]);
      if (tool.definition.name !== tool.originalName) report("The definition has another name.", ["tools", index]);
      const name = tool.exposedName.toLowerCase();
      if (isReservedName(name))
        report("Names that begin with “persona_” are reserved.", ["tools", index, "exposedName"]);
      if (exposed.has(name)) report(`Two tools are exposed as ${tool.exposedName}.`, ["tools", index, "exposedName"]);
      exposed.add(name);
      const original = `${tool.slotId}\n${tool.originalName}`;
      if (originals.has(original)) report(`${tool.originalName} is chosen twice.`, ["tools", index]);
      originals.add(original);
    }
  });
export type PersonaVersion = z.infer<typeof personaVersionSchema>;

/** The policy that holds for a tool: its own, else that of its class. */
export function policyOf(version: PersonaVersion, tool: PersonaTool): Policy {
  return tool.policy ?? version.policies[tool.riskClass];
}

/** The tool as AI clients see it: exposed name, overrides, its price, and no marks of arguments that are not allowed. */
export function publishedTool(tool: PersonaTool): ToolDefinition {
  const price = priceOf(tool);
  const { inputSchema } = tool.definition;
  const description = tool.overrides.description ?? tool.definition.description ?? "";
  return {
    ...tool.definition,
    ...tool.overrides,
    ...(price === null ? {} : { description: `${description}\n\n${priceText(price)}`.trim() }),
    name: tool.exposedName,
    inputSchema: mirroredParams(inputSchema).length === 0 ? withoutMirroring(inputSchema) : inputSchema,
  };
}
