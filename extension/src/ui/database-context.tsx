import { createContext, useContext, type ReactNode } from "react";
import type { Database } from "../db/database.ts";

const DatabaseContext = createContext<Database | null>(null);

export const DatabaseProvider = ({ database, children }: { database: Database; children: ReactNode }) => (
  <DatabaseContext value={database}>{children}</DatabaseContext>
);

/** The page's one instance. */
export function useDatabase(): Database {
  const database = useContext(DatabaseContext);
  if (!database) throw new Error("useDatabase needs a DatabaseProvider above it");
  return database;
}
