import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { CallPrincipal } from "@agent-personas/shared/tunnel/messages";

/** Resources and prompts need the scope to read, and are not for keys that were made for certain tools only. */
export function checkReading({ inbound }: PersonaVersion, principal: CallPrincipal): void {
  const allowed = principal.kind === "external" ? (inbound.passthrough?.scopes ?? []) : principal.scopes;
  const narrowed = principal.kind === "key" && principal.tools !== null;
  if (narrowed || !principal.scopes.includes("read") || !allowed.includes("read")) {
    throw new AppError("insufficient_scope", { detail: { scopes: "read" } });
  }
}
