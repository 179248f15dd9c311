import { withoutMirroring } from "@agent-personas/shared/mcp/mirrored-params";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Result } from "@modelcontextprotocol/server";
import type { Exchange } from "./exchange.ts";
import { familyOf } from "./family-of.ts";
import { listedTools } from "./listed-tools.ts";
import { onePage } from "./one-page.ts";

/** The caller's tools, with schemas that its client can take. */
export function listTools(params: unknown, exchange: Exchange): Result {
  const tools = listedTools(exchange, familyOf(exchange));
  return onePage(params, exchange, {
    tools: exchange.era === "legacy" ? tools.map((tool) => forLegacy(tool, exchange)) : tools,
  });
}

/**
 * The earlier era repeats no arguments as headers, and knows output schemas of objects only; a tool without one returns
 * what it likes.
 */
function forLegacy(tool: ToolDefinition, { persona }: Exchange): ToolDefinition {
  const marked = persona.mirrored(tool.name, "lossless").length > 0;
  const { outputSchema, ...rest } = marked ? { ...tool, inputSchema: withoutMirroring(tool.inputSchema) } : tool;
  return outputSchema === undefined || outputSchema["type"] !== "object" ? rest : { ...rest, outputSchema };
}
