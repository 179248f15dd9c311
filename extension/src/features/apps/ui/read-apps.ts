import type { Database } from "../../../db/database.ts";
import { summariseApps, type AppSummary } from "./app-view.ts";

/** Reads what the list of apps shows; tools are counted by index, never loaded. */
export async function readApps(database: Database): Promise<AppSummary[]> {
  const [apps, connections, bindings, personas] = await Promise.all([
    database.apps.toArray(),
    database.connections.toArray(),
    database.bindings.toArray(),
    database.personas.toArray(),
  ]);
  const counts = await Promise.all(
    connections.map(async ({ connectionId }) => {
      const count = await database.tools.where("connectionId").equals(connectionId).count();
      return [connectionId, count] as const;
    }),
  );
  return summariseApps({ apps, connections, bindings, personas, toolCounts: new Map(counts) });
}
