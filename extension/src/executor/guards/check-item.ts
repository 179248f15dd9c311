import { AppError } from "@agent-personas/shared/errors/app-error";

/** A resource, template or prompt must still be defined as it was approved. */
export function checkItem(item: { pin: string }, name: string, current: { pin: string } | null): void {
  if (current?.pin !== item.pin) throw new AppError("definition_changed", { detail: { what: name } });
}
