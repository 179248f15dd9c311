import type { StoredPersona } from "@agent-personas/shared/api/personas";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Sync } from "@agent-personas/shared/tunnel/messages";
import type { PersonaRow } from "../../db/rows.ts";
import type { PersonasDeps } from "./personas-deps.ts";
import { verifyStored, type Verified } from "./verify-stored.ts";

/**
 * Takes over what the relay has newer. Versions by this device or by a trusted one are accepted; any other
 * waits for the person. What the relay no longer has is gone here too. `news` is what the relay said it has:
 * when that is what is here, nothing is fetched.
 */
export function syncPersonas(deps: PersonasDeps, news?: Sync): Promise<void> {
  return deps.serial(async () => {
    if ((await deps.db.relay.get("relay")) === undefined) return;
    if (news !== undefined && (await isKnown(deps, news))) return;
    const { personas } = await deps.api.personas();
    for (const stored of personas) await takeOver(deps, stored);
    await removeOthers(deps, new Set(personas.map((stored) => stored.personaId)));
  });
}

/** The newest version of a persona that was seen here, accepted or offered; 0 for none. */
const newestOf = (row: PersonaRow | undefined): number =>
  row?.offered?.version.version ?? (row?.signed === "" ? 0 : row?.accepted.version) ?? 0;

async function isKnown({ db }: PersonasDeps, { personas }: Sync): Promise<boolean> {
  const rows = new Map((await db.personas.toArray()).map((row) => [row.personaId, row]));
  return (
    rows.size === personas.length &&
    personas.every(({ personaId, version }) => rows.has(personaId) && newestOf(rows.get(personaId)) >= version)
  );
}

async function takeOver(deps: PersonasDeps, stored: StoredPersona): Promise<void> {
  const row = await deps.db.personas.get(stored.personaId);
  if (stored.version <= newestOf(row)) {
    await deps.db.personas.update(stored.personaId, { lastUsedAt: stored.lastUsedAt });
    return;
  }
  if (await isGone(deps, stored)) return;
  const verified = await verifyStored(deps, stored);
  if (verified === null) return;
  await deps.db.personas.put(rowOf(stored, verified, row));
  if (verified.trusted) await deps.api.acceptPersona(stored.personaId, stored.version).catch(() => undefined);
}

/** A relay could make a persona vanish and then serve a version from before what was taken out of it. */
async function isGone({ db }: PersonasDeps, { personaId, version }: StoredPersona): Promise<boolean> {
  const gone = await db.gonePersonas.get(personaId);
  return gone !== undefined && (gone.version === null || version < gone.version);
}

function rowOf(stored: StoredPersona, { version, trusted }: Verified, row: PersonaRow | undefined): PersonaRow {
  const { personaId, slug, createdAt, updatedAt, lastUsedAt, signed, authorDeviceId } = stored;
  const common = { personaId, slug, createdAt, updatedAt, lastUsedAt };
  if (trusted) return { ...common, accepted: version, signed, offered: null };
  return {
    ...common,
    accepted: row?.accepted ?? nothingOf(version),
    signed: row?.signed ?? "",
    offered: { version, signed, authorDeviceId },
  };
}

/** Stands for "nothing is accepted yet": no slots, no tools, paused; its empty signature is never executed. */
const nothingOf = (version: PersonaVersion): PersonaVersion => ({
  ...version,
  status: "paused",
  inbound: { accessKeys: false, interactive: false },
  slots: [],
  tools: [],
});

async function removeOthers({ db }: PersonasDeps, known: ReadonlySet<string>): Promise<void> {
  await db.transaction("rw", db.personas, db.bindings, db.gonePersonas, async () => {
    const rows = await db.personas.toArray();
    for (const { personaId, accepted, signed } of rows.filter((row) => !known.has(row.personaId))) {
      if (signed !== "") await db.gonePersonas.put({ personaId, version: accepted.version });
      await db.personas.delete(personaId);
      await db.bindings.where({ personaId }).delete();
    }
  });
}
