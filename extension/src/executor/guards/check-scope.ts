import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

/** A passthrough caller has no more scopes than the accepted version gives to all of them. */
export function checkScope({ inbound }: PersonaVersion, tool: PersonaTool, principal: CallPrincipal): void {
  const allowed = principal.kind === "external" ? (inbound.passthrough?.scopes ?? []) : principal.scopes;
  if (!principal.scopes.includes(tool.riskClass) || !allowed.includes(tool.riskClass)) {
    throw new AppError("insufficient_scope", { detail: { scopes: tool.riskClass } });
  }
}
