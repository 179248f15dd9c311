import type { IndexableType } from "dexie";
import type { Database } from "./database.ts";
import type { AppRow, BindingRow, ConnectionRow, ItemRow, PersonaRow, ToolRow } from "./rows.ts";

/** What is asked for with every call, by table. */
type CachedRows = {
  personas: PersonaRow;
  bindings: BindingRow;
  connections: ConnectionRow;
  apps: AppRow;
  tools: ToolRow;
  items: ItemRow;
};

/** Rows kept of one table; more begin anew. */
const KEPT = 500;

/** By database, table and key. */
const caches = new WeakMap<Database, Map<string, Map<string, Promise<unknown>>>>();

/**
 * A row by its primary key, read once and kept until anything of its table changes; not to be changed itself. Spares each
 * call a handful of database transactions.
 */
export function cachedRow<T extends keyof CachedRows>(
  database: Database,
  table: T,
  key: IndexableType,
): Promise<CachedRows[T] | undefined> {
  const rows = rowsOf(database, table);
  const id = JSON.stringify(key);
  const known = rows.get(id);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one map for rows of every type
  if (known !== undefined) return known as Promise<CachedRows[T] | undefined>;
  if (rows.size >= KEPT) rows.clear();
  const loading = Promise.resolve(database.table<CachedRows[T]>(table).get(key));
  rows.set(id, loading);
  loading.catch(() => rows.get(id) === loading && rows.delete(id));
  return loading;
}

function rowsOf(database: Database, table: string): Map<string, Promise<unknown>> {
  const tables = caches.get(database) ?? new Map<string, Map<string, Promise<unknown>>>();
  caches.set(database, tables);
  const rows = tables.get(table) ?? new Map<string, Promise<unknown>>();
  tables.set(table, rows);
  return rows;
}

/** The table has changed. What is being read at this moment may have been read before that, so it is not kept either. */
export const forgetRows = (database: Database, table: string): void => void caches.get(database)?.delete(table);
