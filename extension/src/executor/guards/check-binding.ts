import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { BindingRow } from "../../db/rows.ts";

/** The connection that serves the tool's slot on this device, at the app which the accepted version names. */
export function checkBinding(
  accepted: PersonaVersion,
  tool: PersonaTool,
  bound: { binding: BindingRow; appUrl: string } | null,
): string {
  const slot = accepted.slots.find((each) => each.slotId === tool.slotId);
  if (slot === undefined || bound === null || bound.appUrl !== slot.appUrl) {
    throw new AppError("app_not_bound", { detail: slot === undefined ? {} : { app: slot.appName } });
  }
  return bound.binding.connectionId;
}
