import type { StoredPersona } from "@agent-personas/shared/api/personas";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { verifyPersona } from "@agent-personas/shared/persona/persona-signature";
import type { InboundModes, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createSlug } from "@agent-personas/shared/primitives/slug";
import type { Kysely } from "kysely";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { advancePersona, findPersona, insertPersona, insertVersion, upsertAcceptance } from "../store/personas.ts";
import type { Tables } from "../store/tables.ts";
import { announceVersions } from "./announce-versions.ts";
import { loadOwnPersona } from "./load-own-persona.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "tunnel" | "log" | "sessions">;

/**
 * Creates a persona or replaces its definition with the next version, signed by the calling device. What is open ends
 * when a way in is closed, since it may have come that way.
 * @throws AppError `persona_signature_invalid` | `persona_conflict` | `persona_not_found` | `invalid_request`
 */
export async function savePersona(
  deps: Deps,
  device: KnownDevice,
  request: { personaId: string; signed: string },
): Promise<StoredPersona> {
  const version = await verifyPersona(request.signed, device);
  if (version.personaId !== request.personaId) {
    throw new AppError("invalid_request", { detail: { problem: "the signed version is of another persona" } });
  }
  const before = await deps.personas.byId(request.personaId);
  await deps.store.db
    .transaction()
    .execute((db) => store(db, device, { version, signed: request.signed, now: deps.now() }));
  deps.personas.forget(request.personaId);
  if (before !== null && closesWay(before.version.inbound, version.inbound)) {
    await deps.sessions.closeOfPersona(request.personaId);
  }
  const after = await deps.personas.byId(request.personaId);
  if (before !== null && after !== null) deps.sessions.personaSaved(before, after);
  announceVersions(deps, device.userId);
  return loadOwnPersona(deps, device, request.personaId);
}

const closesWay = (before: InboundModes, after: InboundModes): boolean =>
  (before.accessKeys && !after.accessKeys) ||
  (before.interactive && !after.interactive) ||
  // Whoever came in by other rules comes in again by these.
  (before.passthrough !== undefined && JSON.stringify(before.passthrough) !== JSON.stringify(after.passthrough));

async function store(
  db: Kysely<Tables>,
  device: KnownDevice,
  { version, signed, now }: { version: PersonaVersion; signed: string; now: number },
): Promise<void> {
  const { personaId } = version;
  const current = await findPersona(db, personaId);
  if (current !== null && current.ownerId !== device.userId) throw new AppError("persona_not_found");
  if (version.version !== (current?.version ?? 0) + 1) throw new AppError("persona_conflict");
  const moved =
    current === null
      ? await insertPersona(db, { personaId, slug: createSlug(version.name), ownerId: device.userId, now })
      : await advancePersona(db, { personaId, version: version.version, now });
  if (!moved) throw new AppError("persona_conflict");
  const written = { personaId, version: version.version, now };
  await insertVersion(db, { ...written, authorDeviceId: device.deviceId, signed });
  // Making a version is accepting it.
  await upsertAcceptance(db, { ...written, deviceId: device.deviceId });
  await insertAudit(db, {
    at: now,
    userId: device.userId,
    deviceId: device.deviceId,
    event: "persona_saved",
    subject: personaId,
    detail: { version: version.version },
  });
}
