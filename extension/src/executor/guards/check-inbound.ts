import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

/** The way in must be one that the accepted version offers; today that is access keys. */
export function checkInbound(accepted: PersonaVersion, principal: CallPrincipal): void {
  if (principal.kind !== "key" || !accepted.inbound.accessKeys) throw new AppError("forbidden");
}
