import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PublishedPersona, PublishedPersonas } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";

/**
 * The persona at this address, when the caller may use it. `slug` is null at the bare relay, where the credential
 * chooses. Anything else is 404, so that an address tells nothing to those who may not use it.
 */
export async function checkPersona(
  personas: PublishedPersonas,
  slug: string | null,
  principal: Principal,
): Promise<PublishedPersona> {
  const persona = slug === null ? await personas.byId(principal.personaId) : await personas.bySlug(slug);
  if (persona?.personaId !== principal.personaId) throw new AppError("persona_not_found");
  return persona;
}
