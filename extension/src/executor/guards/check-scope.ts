import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

export function checkScope(tool: PersonaTool, principal: CallPrincipal): void {
  if (!principal.scopes.includes(tool.riskClass)) {
    throw new AppError("insufficient_scope", { detail: { scopes: tool.riskClass } });
  }
}
