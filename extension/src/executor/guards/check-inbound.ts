import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

/** The way in must be one that the accepted version offers, whatever the relay let in. */
export function checkInbound({ inbound }: PersonaVersion, { kind }: CallPrincipal): void {
  const offered = { key: inbound.accessKeys, grant: inbound.interactive, external: inbound.passthrough !== undefined };
  if (!offered[kind]) throw new AppError("forbidden");
}
