import { withoutMirroring } from "@agent-personas/shared/mcp/mirrored-params";
import { jsonBytes } from "@agent-personas/shared/primitives/json-bytes";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Exchange } from "./exchange.ts";
import { familyOf } from "./family-of.ts";
import { visibleTools } from "./visible-tools.ts";

/** Definitions in one answer. */
export const MOST_FOUND = 25;
/** Definitions together; what does not fit any more is named. Bytes of UTF-8 JSON. */
const MOST_BYTES = 64 * 1_024;
const MOST_NAMED = 50;

/** `more`: names of tools that fit less well, or for which there was no room. */
export type FoundTools = { tools: ToolDefinition[]; more: string[]; total: number };

/** The tools that a caller may be shown, best first; all by name for an empty query. */
export function findTools({ query, limit }: { query: string; limit: number }, exchange: Exchange): FoundTools {
  const { persona } = exchange;
  const visible = new Map(visibleTools(exchange, familyOf(exchange)).map((tool) => [tool.name, forSearch(tool)]));
  const names = query.trim() === "" ? [...visible.keys()] : persona.find(query).filter((name) => visible.has(name));
  const tools: ToolDefinition[] = [];
  let bytes = 0;
  for (const name of names.slice(0, limit)) {
    const tool = visible.get(name);
    if (tool === undefined) continue;
    bytes += jsonBytes(tool);
    if (tools.length > 0 && bytes > MOST_BYTES) break;
    tools.push(tool);
  }
  return { tools, more: names.slice(tools.length, tools.length + MOST_NAMED), total: names.length };
}

/** Arguments are repeated as headers only where a client calls a tool that it has listed. */
const forSearch = (tool: ToolDefinition): ToolDefinition => ({
  ...tool,
  inputSchema: withoutMirroring(tool.inputSchema),
});

/** The same as the result of a tool; as text, too, since not every client shows its model anything else. */
export function foundResult(wanted: { query: string; limit: number }, exchange: Exchange) {
  const found = findTools(wanted, exchange);
  return { content: [{ type: "text" as const, text: textOf(found) }], structuredContent: found };
}

function textOf(found: FoundTools): string {
  return found.total === 0
    ? "No tool of this persona fits. Try other words, or an empty query for all names."
    : JSON.stringify(found);
}
