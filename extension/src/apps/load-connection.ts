import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Database } from "../db/database.ts";
import type { AppRow, ConnectionRow } from "../db/rows.ts";

export type Connection = { row: ConnectionRow; app: AppRow };

/** @throws AppError `app_not_found`. */
export async function loadConnection(database: Database, connectionId: string): Promise<Connection> {
  const row = await database.connections.get(connectionId);
  const app = row === undefined ? undefined : await database.apps.get(row.appId);
  if (row === undefined || app === undefined) throw new AppError("app_not_found");
  return { row, app };
}
