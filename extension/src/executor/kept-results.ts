import { KEPT_MS } from "@agent-personas/shared/tunnel/device-methods";
import { outcomeSchema, type Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { KeptResultRow } from "../db/rows.ts";

type Sealed = NonNullable<KeptResultRow["sealed"]>;
type Place = { table: "keptResults"; id: string; schemaVersion: number };

export type KeptResultsDeps = {
  db: Pick<Database, "keptResults">;
  vault: {
    seal: (place: Place, value: unknown) => Promise<Sealed>;
    open: <T>(place: Place, sealed: Sealed, schema: z.ZodType<T>) => Promise<T>;
  };
  now: () => number;
};

/** Whose result it is, and of which tool: who may not call that tool any more does not get the rest either. */
export type KeptFor = Pick<KeptResultRow, "personaId" | "principal" | "slotId" | "tool">;
export type Caller = Pick<KeptFor, "personaId" | "principal">;

export type Kept = KeptFor & ({ state: "running"; bootId: string } | { state: "ended"; open: () => Promise<Outcome> });

export type KeptResults = {
  /** Notes that a call goes on in this worker. */
  begin: (id: string, owner: KeptFor, bootId: string) => Promise<void>;
  keep: (id: string, owner: KeptFor, outcome: Outcome) => Promise<void>;
  /** Null for what is not there, or is another caller's. */
  find: (id: string, caller: Caller) => Promise<Kept | null>;
  drop: (id: string) => Promise<void>;
  /** Removes what is over. */
  prune: () => Promise<void>;
  clear: () => Promise<void>;
};

const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_ROWS = 1_000;
const SCHEMA_VERSION = 1;

/** Results kept for their callers for a day: encrypted, bounded in all, the oldest dropped first. */
export function createKeptResults({ db, vault, now }: KeptResultsDeps): KeptResults {
  const table = db.keptResults;

  const put = async (row: KeptResultRow): Promise<void> => {
    await table.put(row);
    await makeRoom();
  };

  const makeRoom = async (): Promise<void> => {
    await prune();
    const sizes = await sizesOf(table);
    let rows = sizes.length;
    let bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
    const over: string[] = [];
    for (const each of sizes) {
      if (rows <= KEPT_ROWS && bytes <= KEPT_BYTES) break;
      over.push(each.id);
      rows -= 1;
      bytes -= each.bytes;
    }
    await table.bulkDelete(over);
  };

  const prune = async (): Promise<void> => {
    await table
      .where("createdAt")
      .belowOrEqual(now() - KEPT_MS)
      .delete();
  };

  return {
    begin: (id, owner, bootId) =>
      put({ id, ...owner, createdAt: now(), bootId, bytes: 0, sealed: null, schemaVersion: SCHEMA_VERSION }),
    keep: async (id, owner, outcome) => {
      const sealed = await vault.seal(placeOf(id, owner), outcome);
      const bytes = sealed.ciphertext.length;
      await put({ id, ...owner, createdAt: now(), bootId: null, bytes, sealed, schemaVersion: SCHEMA_VERSION });
    },
    find: async (id, { personaId, principal }) => {
      const row = await table.get(id);
      if (row === undefined || row.personaId !== personaId || row.principal !== principal) return null;
      if (row.createdAt <= now() - KEPT_MS) return null;
      const owner: KeptFor = { personaId, principal, slotId: row.slotId, tool: row.tool };
      if (row.bootId !== null) return { ...owner, state: "running", bootId: row.bootId };
      const { sealed } = row;
      if (sealed === null) return null;
      return { ...owner, state: "ended", open: () => vault.open(placeOf(id, owner), sealed, outcomeSchema) };
    },
    drop: (id) => table.delete(id),
    prune,
    clear: () => table.clear(),
  };
}

/** Oldest first; only the index is read, not what is kept. */
async function sizesOf(table: Database["keptResults"]): Promise<{ id: string; bytes: number }[]> {
  const keys: unknown[] = await table.orderBy("[createdAt+bytes+id]").keys();
  return keys.map((key) => {
    const [, bytes, id] = keySchema.parse(key);
    return { id, bytes };
  });
}

const keySchema = z.tuple([z.number(), z.number(), z.string()]);

const placeOf = (id: string, { personaId, principal, slotId, tool }: KeptFor): Place => ({
  table: "keptResults",
  id: JSON.stringify([id, personaId, principal, slotId, tool]),
  schemaVersion: SCHEMA_VERSION,
});
