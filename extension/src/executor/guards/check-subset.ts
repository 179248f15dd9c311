import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

export function checkSubset(tool: PersonaTool, principal: CallPrincipal): void {
  if (principal.tools !== null && !principal.tools.includes(tool.exposedName)) {
    throw new AppError("tool_not_in_persona", { detail: { tool: tool.exposedName } });
  }
}
