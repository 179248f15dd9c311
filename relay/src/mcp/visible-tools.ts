import { policyOf } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Caller } from "./exchange.ts";

/** The tools a caller by key may call, sorted by name: within its scopes and its subset, and not set to *never*. */
export function visibleTools({ persona, principal }: Caller): ToolDefinition[] {
  const callable = new Set<string>();
  for (const tool of persona.version.tools) {
    const allowed = principal.scopes.includes(tool.riskClass) && principal.tools?.has(tool.exposedName) !== false;
    if (allowed && policyOf(persona.version, tool) !== "never") callable.add(tool.exposedName);
  }
  return persona.tools.filter((definition) => callable.has(definition.name));
}
