import type { KnownDevice, RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { deletePersonaRow } from "../store/personas.ts";
import { announceVersions } from "./announce-versions.ts";
import { loadOwnPersona } from "./load-own-persona.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "tunnel" | "log" | "sessions" | "authorization">;

/** Deletes a persona; its versions, keys, grants and sessions die with it. @throws AppError `persona_not_found` */
export async function deletePersona(deps: Deps, device: KnownDevice, personaId: string): Promise<void> {
  const persona = await loadOwnPersona(deps, device, personaId);
  await deps.authorization.revokeGrantsOfPersona(personaId);
  await deps.store.db.transaction().execute(async (db) => {
    await deletePersonaRow(db, personaId);
    await insertAudit(db, {
      at: deps.now(),
      userId: device.userId,
      deviceId: device.deviceId,
      event: "persona_deleted",
      subject: personaId,
      detail: { slug: persona.slug },
    });
  });
  deps.personas.forget(personaId);
  await deps.sessions.closeOfPersona(personaId);
  announceVersions(deps, device.userId);
}
