import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/** The tool of the accepted version that the call names by slot and original name. */
export function checkTool(accepted: PersonaVersion, slotId: string, originalName: unknown): PersonaTool {
  const found = accepted.tools.find((tool) => tool.slotId === slotId && tool.originalName === originalName);
  if (found === undefined) {
    throw new AppError("tool_not_in_persona", {
      detail: typeof originalName === "string" ? { tool: originalName.slice(0, 256) } : {},
    });
  }
  return found;
}
