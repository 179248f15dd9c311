import { z } from "zod";
import { canonicalJson } from "../primitives/canonical-json.ts";
import { sha256Hex } from "../primitives/sha256.ts";

const annotationsSchema = z.looseObject({
  title: z.string().optional(),
  readOnlyHint: z.boolean().optional(),
  destructiveHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
  openWorldHint: z.boolean().optional(),
});

/** A tool as its app defines it. Loose: members that we do not know pass through. */
export const toolDefinitionSchema = z.looseObject({
  name: z.string().min(1).max(256),
  title: z.string().max(1_000).optional(),
  description: z.string().max(100_000).optional(),
  inputSchema: z.looseObject({ type: z.literal("object") }),
  outputSchema: z.looseObject({}).optional(),
  annotations: annotationsSchema.optional(),
});
export type ToolDefinition = z.infer<typeof toolDefinitionSchema>;

/** The approved definition of a tool: SHA-256 (hex) of the canonical JSON of what a person approves. */
export const pinSchema = z.string().regex(/^[0-9a-f]{64}$/u);

/** Computes the pin over name, title, description, both schemas and annotations; nothing else counts. */
export function pinTool(definition: ToolDefinition): Promise<string> {
  const { name, title, description, inputSchema, outputSchema, annotations } = definition;
  return sha256Hex(canonicalJson({ name, title, description, inputSchema, outputSchema, annotations }));
}
