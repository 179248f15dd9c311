import type { ClientFamily } from "@agent-personas/shared/mcp/client-family";
import { mirroredParams } from "@agent-personas/shared/mcp/mirrored-params";
import { normaliseTool } from "@agent-personas/shared/mcp/normalise-schema";
import { publishedTool, type PersonaTool, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createToolIndex, type FindTools } from "@agent-personas/shared/persona/tool-index";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { PublishedPersona } from "../deps.ts";
import { withExposedView } from "./app-views.ts";

/** A version's tools as callers see them; what one family of clients or a search needs is made when first asked for. */
export function publishTools(
  version: PersonaVersion,
): Pick<PublishedPersona, "tools" | "toolsFor" | "mirrored" | "find"> {
  const sorted = version.tools.toSorted((a, b) => (a.exposedName < b.exposedName ? -1 : 1));
  const publish = (tool: PersonaTool): ToolDefinition => withExposedView(publishedTool(tool), tool.slotId, version);
  const tools = sorted.map(publish);
  const shaped = new Map<ClientFamily, readonly ToolDefinition[]>([["lossless", tools]]);
  const marked = new Set(
    tools
      // Who has not listed a tool cannot know what to repeat.
      .filter(({ name }) => version.search === undefined || version.search.favourites.includes(name))
      .filter((tool) => mirroredParams(tool.inputSchema).length > 0)
      .map(({ name }) => name),
  );
  let find: FindTools | null = null;
  const toolsFor = (family: ClientFamily): readonly ToolDefinition[] => {
    const known = shaped.get(family) ?? sorted.map((tool, at) => shapeTool(tool, tools[at] ?? publish(tool), family));
    shaped.set(family, known);
    return known;
  };
  return {
    tools,
    toolsFor,
    mirrored: (name, family) => {
      const shown = marked.has(name) ? toolsFor(family).find((tool) => tool.name === name) : undefined;
      return shown === undefined ? [] : mirroredParams(shown.inputSchema);
    },
    find: (query) => {
      find ??= createToolIndex(sorted.map((tool) => indexed(tool, version)));
      return find(query);
    },
  };
}

/** Clients that need other schemas also read hints, and take the worst for what is not said. */
function shapeTool({ riskClass }: PersonaTool, published: ToolDefinition, family: ClientFamily): ToolDefinition {
  const annotations = {
    ...published.annotations,
    readOnlyHint: riskClass === "read",
    destructiveHint: riskClass === "destructive",
  };
  return { ...normaliseTool(published, family), annotations };
}

function indexed(tool: PersonaTool, { slots }: PersonaVersion) {
  const { exposedName, originalName, overrides, definition } = tool;
  return {
    exposedName,
    originalName,
    title: overrides.title ?? definition.title ?? "",
    description: overrides.description ?? definition.description ?? "",
    appName: slots.find(({ slotId }) => slotId === tool.slotId)?.appName ?? "",
  };
}
