import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Slot } from "@agent-personas/shared/persona/persona-version";
import type { BindingRow } from "../../db/rows.ts";

/** The connection that serves a slot on this device, at the app which the accepted version names. */
export function checkBinding(slot: Slot, bound: { binding: BindingRow; appUrl: string } | null): string {
  if (bound === null || bound.appUrl !== slot.appUrl) {
    throw new AppError("app_not_bound", { detail: { app: slot.appName } });
  }
  return bound.binding.connectionId;
}
