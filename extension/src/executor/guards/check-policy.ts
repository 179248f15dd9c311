import { AppError } from "@agent-personas/shared/errors/app-error";
import { policyOf, type PersonaTool, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";

export function checkPolicy(accepted: PersonaVersion, tool: PersonaTool): void {
  if (policyOf(accepted, tool) !== "allow") {
    throw new AppError("tool_forbidden", { detail: { tool: tool.exposedName } });
  }
}
