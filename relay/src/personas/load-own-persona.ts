import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { findPersona, type PersonaRow } from "../store/personas.ts";

/** A persona of the calling person. @throws AppError `persona_not_found`, also for somebody else's. */
export async function loadOwnPersona(
  { store }: Pick<RelayDeps, "store">,
  device: KnownDevice,
  personaId: string,
): Promise<PersonaRow> {
  const persona = await findPersona(store.db, personaId);
  if (persona === null || persona.ownerId !== device.userId) throw new AppError("persona_not_found");
  return persona;
}
