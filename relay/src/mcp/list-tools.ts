import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Result } from "@modelcontextprotocol/server";
import type { Exchange } from "./exchange.ts";
import { familyOf } from "./family-of.ts";
import { listedTools } from "./listed-tools.ts";
import { onePage } from "./one-page.ts";

/** The caller's tools, with schemas that its client can take. */
export function listTools(params: unknown, exchange: Exchange): Result {
  const tools = listedTools(exchange, familyOf(exchange));
  return onePage(params, exchange, { tools: exchange.era === "legacy" ? tools.map(forLegacy) : tools });
}

/** The earlier era knows output schemas of objects only; a tool without one returns what it likes. */
function forLegacy(tool: ToolDefinition): ToolDefinition {
  const { outputSchema, ...rest } = tool;
  return outputSchema === undefined || outputSchema["type"] === "object" ? tool : rest;
}
