import type { Database } from "../../../db/database.ts";
import { summariseApps, type AppSummary } from "./app-view.ts";

export type AppDetail = AppSummary;

/** One app with its connections and the personas that use it; null when it is not there. */
export async function readApp(database: Database, appId: string): Promise<AppDetail | null> {
  const app = await database.apps.get(appId);
  if (!app) return null;
  const connections = await database.connections.where("appId").equals(appId).sortBy("createdAt");
  const ids = connections.map((connection) => connection.connectionId);
  const bindings = await database.bindings.where("connectionId").anyOf(ids).toArray();
  const rows = await database.personas.bulkGet([...new Set(bindings.map((binding) => binding.personaId))]);
  const personas = rows.filter((row) => row !== undefined);
  const [summary] = summariseApps({ apps: [app], connections, bindings, personas, toolCounts: new Map() });
  return summary ?? null;
}
