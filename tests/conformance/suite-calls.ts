import { toolDefinitionSchema } from "@agent-personas/shared/persona/tool-definition";
import { z } from "zod";
import { sampleArguments } from "./sample-arguments.ts";

/** What a client suite tells the program that it starts, beside the address of its server. */
export const suiteContextSchema = z.looseObject({
  /** The scenario's. */
  name: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  private_key_pem: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).optional(),
});
export type SuiteContext = z.infer<typeof suiteContextSchema>;

export type SuiteCall = { name: string; arguments: Record<string, unknown> };

const toolsSchema = z.array(z.object({ connectionId: z.string(), name: z.string(), definition: toolDefinitionSchema }));

/** The calls that the suite names, else one of each tool among these rows. */
export function suiteCalls(context: SuiteContext, rows: readonly unknown[], connectionId: string): SuiteCall[] {
  if (context.toolCalls !== undefined) return context.toolCalls;
  const tools = toolsSchema.parse(rows).filter((tool) => tool.connectionId === connectionId);
  const schemas = Object.fromEntries(tools.map(({ name, definition }) => [name, definition.inputSchema]));
  return tools.map(({ name, definition }) => ({ name, arguments: sampleArguments(definition.inputSchema, schemas) }));
}
