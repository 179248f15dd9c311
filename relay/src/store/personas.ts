import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** A persona with its newest signed version. */
export type PersonaRow = {
  personaId: string;
  slug: string;
  ownerId: string;
  version: number;
  authorDeviceId: string;
  signed: string;
  createdAt: number;
  updatedAt: number;
  lastUsedAt: number | null;
};

/** Versions kept for devices that have not accepted a newer one; older ones live on in those devices. */
const VERSIONS_KEPT = 10;

export async function findPersona(db: Kysely<Tables>, personaId: string): Promise<PersonaRow | null> {
  return (await selectPersonas(db).where("personas.persona_id", "=", personaId).executeTakeFirst()) ?? null;
}

export async function listPersonas(db: Kysely<Tables>, ownerId: string): Promise<PersonaRow[]> {
  return selectPersonas(db).where("personas.owner_id", "=", ownerId).orderBy("personas.created_at").execute();
}

export async function listVersions(
  db: Kysely<Tables>,
  ownerId: string,
): Promise<{ personaId: string; version: number }[]> {
  return db
    .selectFrom("personas")
    .select(["persona_id as personaId", "version"])
    .where("owner_id", "=", ownerId)
    .execute();
}

export async function findPersonaId(db: Kysely<Tables>, slug: string): Promise<string | null> {
  const row = await db.selectFrom("personas").select("persona_id").where("slug", "=", slug).executeTakeFirst();
  return row?.persona_id ?? null;
}

/** False when a persona with this id exists. */
export async function insertPersona(
  db: Kysely<Tables>,
  persona: { personaId: string; slug: string; ownerId: string; now: number },
): Promise<boolean> {
  const result = await db
    .insertInto("personas")
    .values({
      persona_id: persona.personaId,
      slug: persona.slug,
      owner_id: persona.ownerId,
      version: 1,
      created_at: persona.now,
      updated_at: persona.now,
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.column("persona_id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Moves a persona to the next version; false when it is not at the one before. */
export async function advancePersona(
  db: Kysely<Tables>,
  persona: { personaId: string; version: number; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable("personas")
    .set({ version: persona.version, updated_at: persona.now })
    .where("persona_id", "=", persona.personaId)
    .where("version", "=", persona.version - 1)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function insertVersion(
  db: Kysely<Tables>,
  version: { personaId: string; version: number; authorDeviceId: string; signed: string; now: number },
): Promise<void> {
  await db
    .insertInto("persona_versions")
    .values({
      persona_id: version.personaId,
      version: version.version,
      author_device_id: version.authorDeviceId,
      signed: version.signed,
      saved_at: version.now,
    })
    .execute();
  await db
    .deleteFrom("persona_versions")
    .where("persona_id", "=", version.personaId)
    .where("version", "<=", version.version - VERSIONS_KEPT)
    .execute();
}

export async function deletePersonaRow(db: Kysely<Tables>, personaId: string): Promise<void> {
  await db.deleteFrom("personas").where("persona_id", "=", personaId).execute();
}

export async function upsertAcceptance(
  db: Kysely<Tables>,
  acceptance: { personaId: string; deviceId: string; version: number; now: number },
): Promise<void> {
  const values = { version: acceptance.version, accepted_at: acceptance.now };
  await db
    .insertInto("acceptances")
    .values({ persona_id: acceptance.personaId, device_id: acceptance.deviceId, ...values })
    .onConflict((conflict) => conflict.columns(["persona_id", "device_id"]).doUpdateSet(values))
    .execute();
}

function selectPersonas(db: Kysely<Tables>) {
  return db
    .selectFrom("personas")
    .innerJoin("persona_versions", (join) =>
      join
        .onRef("persona_versions.persona_id", "=", "personas.persona_id")
        .onRef("persona_versions.version", "=", "personas.version"),
    )
    .select([
      "personas.persona_id as personaId",
      "personas.slug as slug",
      "personas.owner_id as ownerId",
      "personas.version as version",
      "persona_versions.author_device_id as authorDeviceId",
      "persona_versions.signed as signed",
      "personas.created_at as createdAt",
      "personas.updated_at as updatedAt",
      "personas.last_used_at as lastUsedAt",
    ]);
}
