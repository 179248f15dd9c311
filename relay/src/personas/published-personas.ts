import { verifyPersona } from "@agent-personas/shared/persona/persona-signature";
import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";
import type { PublishedPersona, PublishedPersonas } from "../deps.ts";
import { findDeviceKey } from "../store/devices.ts";
import { findPersona, findPersonaId } from "../store/personas.ts";
import type { Store } from "../store/store.ts";
import { publishTools } from "./publish-tools.ts";

/** Personas held in memory; beyond it the least recently loaded is dropped and read again when asked for. */
const KEPT = 2_000;

/** Serves personas from memory; a version is parsed and its signature verified once, when it is first asked for. */
export function createPublishedPersonas({ db }: Store): PublishedPersonas {
  const personas = new Map<string, Promise<PublishedPersona | null>>();
  const idsBySlug = new Map<string, string>();

  const load = async (personaId: string): Promise<PublishedPersona | null> => {
    const row = await findPersona(db, personaId);
    const publicKey = row === null ? null : await findDeviceKey(db, row.authorDeviceId);
    if (row === null || publicKey === null) return null;
    const version = await verifyPersona(row.signed, { deviceId: row.authorDeviceId, publicKey });
    return { personaId, slug: row.slug, ownerId: row.ownerId, version, ...publishTools(version) };
  };
  const forget = (personaId: string): void => void personas.delete(personaId);

  const byId = async (personaId: string): Promise<PublishedPersona | null> => {
    const known = personas.get(personaId);
    if (known !== undefined) return known;
    const loading = load(personaId);
    keepNewest(personas, personaId, loading, KEPT);
    const drop = () => {
      if (personas.get(personaId) === loading) forget(personaId);
    };
    try {
      const persona = await loading;
      if (persona === null) drop();
      return persona;
    } catch (error) {
      drop();
      throw error;
    }
  };

  const bySlug = async (slug: string): Promise<PublishedPersona | null> => {
    const personaId = idsBySlug.get(slug) ?? (await findPersonaId(db, slug));
    if (personaId === null) return null;
    const persona = await byId(personaId);
    if (persona === null) idsBySlug.delete(slug);
    else keepNewest(idsBySlug, slug, personaId, KEPT);
    return persona;
  };

  return { byId, bySlug, forget };
}
