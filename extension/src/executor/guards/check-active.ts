import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";

export function checkActive(accepted: PersonaVersion): void {
  if (accepted.status !== "active") throw new AppError("persona_paused");
}
