import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useLiveQuery } from "dexie-react-hooks";
import type { Database } from "../db/database.ts";
import { useDatabase } from "./database-context.tsx";
import { toAppError } from "./to-app-error.ts";

export type Live<Value> =
  | { state: "loading" }
  | { state: "ready"; value: Value }
  | { state: "failed"; error: AppError };

const LOADING = { state: "loading" } as const;

/**
 * Reads the database and reads again whenever what it read changes. `loading` until the first answer,
 * so that an empty list is told apart from one not read yet. `key` names what the query depends on.
 */
export function useLive<Value>(query: (database: Database) => Promise<Value>, ...key: readonly unknown[]): Live<Value> {
  const database = useDatabase();
  return useLiveQuery<Live<Value>, Live<Value>>(
    async () => {
      try {
        return { state: "ready", value: await query(database) };
      } catch (thrown) {
        return { state: "failed", error: toAppError(thrown) };
      }
    },
    [database, ...key],
    LOADING,
  );
}
