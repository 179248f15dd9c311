import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, PublishedPersona, RelayDeps } from "../deps.ts";
import { findKey, type KeyRow } from "../store/access-keys.ts";

/** A key of the calling person. @throws AppError `key_not_found`, also for somebody else's. */
export async function loadOwnKey(
  { store }: Pick<RelayDeps, "store">,
  device: KnownDevice,
  keyId: string,
): Promise<KeyRow> {
  const key = await findKey(store.db, keyId);
  if (key === null || key.creatorId !== device.userId) throw new AppError("key_not_found");
  return key;
}

/** The persona whose keys the calling person manages. @throws AppError `persona_not_found` */
export async function loadOwnKeyPersona(
  { personas }: Pick<RelayDeps, "personas">,
  device: KnownDevice,
  personaId: string,
): Promise<PublishedPersona> {
  const persona = await personas.byId(personaId);
  if (persona === null || persona.ownerId !== device.userId) throw new AppError("persona_not_found");
  return persona;
}
