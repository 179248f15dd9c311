import { AppError } from "@agent-personas/shared/errors/app-error";
import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { PersonaRow } from "../../db/rows.ts";
import type { PersonasDeps } from "./personas-deps.ts";

/** Signs a version, publishes it, and accepts it here: making it is accepting it. */
export async function publishVersion(
  { db, api }: PersonasDeps,
  version: PersonaVersion,
  bindings: readonly { slotId: string; connectionId: string }[],
): Promise<PersonaRow> {
  const key = await db.deviceKey.get("device");
  if (key === undefined) throw new AppError("not_paired");
  const signed = await signPersona(version, key.privateKey);
  const stored = await api.savePersona(version.personaId, signed);
  const row: PersonaRow = {
    personaId: version.personaId,
    slug: stored.slug,
    accepted: version,
    signed,
    offered: null,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    lastUsedAt: stored.lastUsedAt,
  };
  const slotIds = new Set(version.slots.map((slot) => slot.slotId));
  await db.transaction("rw", db.personas, db.bindings, async () => {
    await db.personas.put(row);
    await db.bindings
      .where({ personaId: version.personaId })
      .filter((binding) => !slotIds.has(binding.slotId))
      .delete();
    await db.bindings.bulkPut(bindings.map((binding) => ({ personaId: version.personaId, ...binding })));
  });
  return row;
}
