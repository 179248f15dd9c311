import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { PersonaRow } from "../../db/rows.ts";

/** A persona of which this browser's person accepted a version; an empty signature means that nothing was. */
export function checkPersona(row: PersonaRow | undefined): PersonaVersion {
  if (row === undefined || row.signed === "") throw new AppError("persona_not_accepted");
  return row.accepted;
}
