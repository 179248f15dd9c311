import type { AppRow, BindingRow, ConnectionRow, ItemRow, PersonaRow, ToolRow } from "../../../db/rows.ts";
import type { Database } from "../../../db/database.ts";
import { useLive, type Live } from "../../../ui/use-live.ts";
import { summarisePersona, type PersonaSummary } from "../persona-summary.ts";

export type PersonaList = { personas: PersonaSummary[]; apps: number; relayUrl: string | null };

/** Every persona with what serves it here, newest change first. */
export const usePersonas = (): Live<PersonaList> =>
  useLive(async (database) => {
    const [rows, tables, relay] = await Promise.all([
      database.personas.orderBy("updatedAt").toArray(),
      readTables(database),
      database.relay.get("relay"),
    ]);
    return {
      personas: rows.map((row) => summarisePersona(row, tables)).toReversed(),
      apps: tables.apps.length,
      relayUrl: relay?.relayUrl ?? null,
    };
  });

export type PersonaView = {
  row: PersonaRow;
  summary: PersonaSummary;
  relayUrl: string | null;
  deviceName: string | null;
  apps: AppRow[];
  connections: ConnectionRow[];
  bindings: BindingRow[];
  /** Tools, and what else there is, as listed last by the connections that serve this persona. */
  tools: ToolRow[];
  items: ItemRow[];
};

/** One persona with all that its page shows; null when there is none of this id. */
export const usePersona = (personaId: string): Live<PersonaView | null> =>
  useLive(async (database) => {
    const row = await database.personas.get(personaId);
    if (row === undefined) return null;
    const [tables, relay] = await Promise.all([readTables(database), database.relay.get("relay")]);
    const summary = summarisePersona(row, tables);
    const serving = summary.slots.flatMap((slot) => slot.connection?.connectionId ?? []);
    const [tools, items] = await Promise.all([
      database.tools.where("connectionId").anyOf(serving).toArray(),
      database.items.where("connectionId").anyOf(serving).toArray(),
    ]);
    return {
      row,
      summary,
      relayUrl: relay?.relayUrl ?? null,
      deviceName: relay?.device.name ?? null,
      ...tables,
      tools,
      items,
    };
  }, personaId);

async function readTables(database: Database) {
  const [apps, connections, bindings] = await Promise.all([
    database.apps.toArray(),
    database.connections.toArray(),
    database.bindings.toArray(),
  ]);
  return { apps, connections, bindings };
}
