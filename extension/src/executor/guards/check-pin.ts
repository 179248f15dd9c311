import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";

/** The tool must still be defined as it was approved; one that its app no longer lists is not. */
export function checkPin(tool: PersonaTool, current: { pin: string } | null): void {
  if (current?.pin === tool.pin) return;
  const removed = current === null ? { removed: "yes" } : {};
  throw new AppError("tool_changed", { detail: { tool: tool.exposedName, ...removed } });
}
