import type { Database } from "../../db/database.ts";

/** Deletes what belongs to the relay. Apps, connections and their secrets are the person's and stay. */
export function forgetRelay(db: Database): Promise<void> {
  const tables = [
    ...[db.relay, db.deviceKey, db.trustedDevices, db.signIns],
    ...[db.personas, db.bindings, db.drafts, db.gonePersonas],
  ];
  return db.transaction("rw", tables, async () => {
    await Promise.all(tables.map((table) => table.clear()));
  });
}
