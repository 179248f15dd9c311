import type { Database } from "../../db/database.ts";

/** Deletes what belongs to the relay. Apps, connections and their secrets are the person's and stay. */
export function forgetRelay(db: Database): Promise<void> {
  const { relay, deviceKey, trustedDevices, signIns, personas, bindings, drafts, gonePersonas } = db;
  const tables = [relay, deviceKey, trustedDevices, signIns, personas, bindings, drafts, gonePersonas];
  return db.transaction("rw", tables, async () => {
    await Promise.all(tables.map((table) => table.clear()));
  });
}
