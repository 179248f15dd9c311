import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { findLimits, updatePersonaLimits, updatePersonLimits, type LimitSubject } from "../store/limit-settings.ts";

type Deps = Pick<RelayDeps, "store" | "limits" | "now" | "personas">;

/** Changes the calling person's own limits; they hold from the next request. */
export function changePersonLimits(deps: Deps, device: KnownDevice, limits: LimitSettings): Promise<void> {
  return change(deps, device, { kind: "person", id: device.userId }, limits);
}

/** The same for a persona. @throws AppError `persona_not_found`, also for somebody else's. */
export async function changePersonaLimits(
  deps: Deps,
  device: KnownDevice,
  { personaId, ...limits }: LimitSettings & { personaId: string },
): Promise<void> {
  const persona = await deps.personas.byId(personaId);
  if (persona?.ownerId !== device.userId) throw new AppError("persona_not_found");
  await change(deps, device, { kind: "persona", id: personaId }, limits);
}

async function change(
  { store, limits: live, now }: Deps,
  { userId, deviceId }: KnownDevice,
  subject: LimitSubject,
  limits: LimitSettings,
): Promise<void> {
  const update = subject.kind === "person" ? updatePersonLimits : updatePersonaLimits;
  await store.db.transaction().execute(async (db) => {
    const before = await findLimits(db, subject);
    await update(db, subject.id, limits);
    const detail = { ...limits, before };
    await insertAudit(db, { at: now(), userId, deviceId, event: "limits_changed", subject: subject.id, detail });
  });
  live.forget(subject.id);
}
