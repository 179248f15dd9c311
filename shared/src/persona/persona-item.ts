import { z } from "zod";
import { canonicalJson } from "../primitives/canonical-json.ts";
import { slotIdSchema } from "../primitives/id.ts";
import { sha256Hex } from "../primitives/sha256.ts";
import { pinSchema } from "./tool-definition.ts";
import { exposedNameSchema } from "./tool-name.ts";

/** Longest address or template of a resource. Characters. */
const URI_LENGTH = 2_000;
export const resourceUriSchema = z.string().min(1).max(URI_LENGTH);

const TEXTS = { title: z.string().max(1_000).optional(), description: z.string().max(100_000).optional() };
const NAMED = { name: z.string().max(1_000), ...TEXTS };

/** A resource as its app defines it. Loose, as everything of MCP that passes through. */
export const resourceDefinitionSchema = z.looseObject({ uri: resourceUriSchema, ...NAMED });
export type ResourceDefinition = z.infer<typeof resourceDefinitionSchema>;

export const templateDefinitionSchema = z.looseObject({ uriTemplate: resourceUriSchema, ...NAMED });
export type TemplateDefinition = z.infer<typeof templateDefinitionSchema>;

export const promptDefinitionSchema = z.looseObject({
  name: z.string().min(1).max(256),
  ...TEXTS,
  arguments: z
    .array(z.looseObject({ name: z.string().max(256) }))
    .max(100)
    .optional(),
});
export type PromptDefinition = z.infer<typeof promptDefinitionSchema>;

/**
 * What a persona offers of an app beside its tools. `all` also lets callers read addresses that the app did not list,
 * such as those of its templates and of links in its results.
 */
export const offerSchema = z.enum(["none", "all", "picked"]);
export type Offer = z.infer<typeof offerSchema>;

const CHOSEN = { slotId: slotIdSchema, pin: pinSchema };

/** A chosen resource. `exposedUri` differs from the app's own only where two slots have the same. */
export const personaResourceSchema = z.strictObject({
  ...CHOSEN,
  exposedUri: resourceUriSchema,
  definition: resourceDefinitionSchema,
});
export type PersonaResource = z.infer<typeof personaResourceSchema>;

export const personaTemplateSchema = z.strictObject({
  ...CHOSEN,
  exposedTemplate: resourceUriSchema,
  definition: templateDefinitionSchema,
});
export type PersonaTemplate = z.infer<typeof personaTemplateSchema>;

/** A chosen prompt; its name follows the rules of tools' names. */
export const personaPromptSchema = z.strictObject({
  ...CHOSEN,
  exposedName: exposedNameSchema,
  definition: promptDefinitionSchema,
});
export type PersonaPrompt = z.infer<typeof personaPromptSchema>;

/** A prompt that the owner wrote: `{argument}` in its text stands for what the caller gives. */
export const recipeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/u, "must be lower-case letters, digits and dashes"),
  description: z.string().trim().max(500),
  text: z.string().trim().min(1).max(20_000),
  arguments: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,39}$/u),
        description: z.string().trim().max(500),
        required: z.boolean(),
        /** Empty allows any. */
        values: z.array(z.string().trim().min(1).max(200)).max(50),
      }),
    )
    .max(20),
  /** Exposed names of the tools that it speaks of. */
  tools: z.array(exposedNameSchema).max(50),
});
export type Recipe = z.infer<typeof recipeSchema>;

/** Computes the pin of a resource or template over address, name, title, description and MIME type. */
export function pinResource(definition: Readonly<Record<string, unknown>>): Promise<string> {
  const { uri, uriTemplate, name, title, description, mimeType } = definition;
  return sha256Hex(canonicalJson({ uri, uriTemplate, name, title, description, mimeType }));
}

/** Computes the pin of a prompt over name, title, description and arguments. */
export function pinPrompt({ name, title, description, arguments: parameters }: PromptDefinition): Promise<string> {
  return sha256Hex(canonicalJson({ name, title, description, arguments: parameters }));
}
