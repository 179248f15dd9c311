import type { ClientFamily } from "@agent-personas/shared/mcp/client-family";
import { policyOf } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Caller } from "../deps.ts";

/**
 * The tools a caller is shown, sorted by name: of its subset, not set to *never*, and for a key within its scopes.
 * Who signed in sees those beyond the scopes, too, since a client asks for more only when a call needs it.
 */
export function visibleTools({ persona, principal }: Caller, family: ClientFamily = "lossless"): ToolDefinition[] {
  const callable = new Set<string>();
  for (const tool of persona.version.tools) {
    const inScope = principal.kind === "grant" || principal.scopes.includes(tool.riskClass);
    const allowed = inScope && principal.tools?.has(tool.exposedName) !== false;
    if (allowed && policyOf(persona.version, tool) !== "never") callable.add(tool.exposedName);
  }
  return persona.toolsFor(family).filter((definition) => callable.has(definition.name));
}
