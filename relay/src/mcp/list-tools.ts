import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";
import { listedTools } from "./listed-tools.ts";

/** How long a client may keep the list. Milliseconds. */
const LIST_TTL_MS = 5_000;
const paramsSchema = z.looseObject({ cursor: z.string().optional() }).optional();

/** All tools of the caller in one page, from the published persona; no browser is needed. */
export function listTools(params: unknown, exchange: Exchange): Result {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "cursor must be a string");
  // We never gave one out.
  if (parsed.data?.cursor !== undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: the list has one page");
  }
  const tools = listedTools(exchange);
  if (exchange.era === "legacy") return { tools: tools.map(forLegacy) };
  return { tools, ttlMs: LIST_TTL_MS, cacheScope: "private" };
}

/** The earlier era knows output schemas of objects only; a tool without one returns what it likes. */
function forLegacy(tool: ToolDefinition): ToolDefinition {
  const { outputSchema, ...rest } = tool;
  return outputSchema === undefined || outputSchema["type"] === "object" ? tool : rest;
}
