import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/** A call made by a newer version waits for its acceptance; one by an older is judged by the accepted version. */
export function checkVersion(accepted: PersonaVersion, called: number): void {
  if (called > accepted.version) throw new AppError("persona_not_accepted");
}
