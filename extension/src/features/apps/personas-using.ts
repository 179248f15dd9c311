import type { Database } from "../../db/database.ts";

/** Names of the personas that have a slot for this app. */
export async function personasUsingApp(database: Database, appUrl: string): Promise<string[]> {
  const personas = await database.personas.toArray();
  return personas
    .filter(({ accepted }) => accepted.slots.some((slot) => slot.appUrl === appUrl))
    .map(({ accepted }) => accepted.name);
}

/** Names of the personas of which a slot is served by this connection. */
export async function personasUsingConnection(database: Database, connectionId: string): Promise<string[]> {
  const bindings = await database.bindings.where({ connectionId }).toArray();
  const ids = [...new Set(bindings.map((binding) => binding.personaId))];
  const personas = await database.personas.bulkGet(ids);
  return personas.flatMap((persona) => (persona === undefined ? [] : [persona.accepted.name]));
}
