import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { z } from "zod";
import { exposedUriOf } from "@agent-personas/shared/persona/exposed-uri";

/** Where a tool of an MCP App names its view; the flat form is of earlier drafts. */
const metaSchema = z.looseObject({
  ui: z.looseObject({ resourceUri: z.string().optional() }).optional(),
  "ui/resourceUri": z.string().optional(),
});
const shownSchema = z.looseObject({ _meta: metaSchema });

/** The tool with the address under which its callers can read its view. */
export function withExposedView(tool: ToolDefinition, slotId: string, version: PersonaVersion): ToolDefinition {
  const shown = shownSchema.safeParse(tool);
  if (!shown.success) return tool;
  const { ui, "ui/resourceUri": flat, ...meta } = shown.data._meta;
  const exposed = (uri: string): string => exposedUriOf(version, slotId, uri);
  return {
    ...tool,
    _meta: {
      ...meta,
      ...(ui !== undefined && {
        ui: ui.resourceUri === undefined ? ui : { ...ui, resourceUri: exposed(ui.resourceUri) },
      }),
      ...(flat !== undefined && { "ui/resourceUri": exposed(flat) }),
    },
  };
}

/**
 * The exposed name of a tool that a view calls as its own app calls it: of an app with views, and only if no other app
 * with views has a tool of that name. Any other name as it is.
 */
export function exposedNameOf(name: string, tools: readonly PersonaTool[]): string {
  if (tools.some(({ exposedName }) => exposedName === name)) return name;
  const own = tools.filter(({ originalName }) => originalName === name);
  const [only, ...others] = own.filter(({ slotId }) => tools.some((tool) => tool.slotId === slotId && hasView(tool)));
  return only === undefined || others.length > 0 ? name : only.exposedName;
}

function hasView({ definition }: PersonaTool): boolean {
  const meta = shownSchema.safeParse(definition).data?._meta;
  return (meta?.ui?.resourceUri ?? meta?.["ui/resourceUri"]) !== undefined;
}
