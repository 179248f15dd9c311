import type { Database } from "../../db/database.ts";
import type { SignInRow } from "../../db/rows.ts";
import type { RelayApi } from "../../lib/relay-api.ts";

/** More at once is nobody typing codes. */
const SHOWN = 20;

export type WaitingSignIns = {
  /** Takes over what waits at the relay. */
  refresh: () => Promise<void>;
  /** Forgets what nobody waits for any more. */
  prune: () => Promise<void>;
};

/** Sign-ins elsewhere that wait for this person, as the relay lists them; a new one is announced once. */
export function createWaitingSignIns(deps: {
  db: Database;
  api: Pick<RelayApi, "waitingSignIns">;
  announce: (signIn: SignInRow) => void;
  now: () => number;
}): WaitingSignIns {
  const { db } = deps;
  return {
    refresh: async () => {
      const { signIns } = await deps.api.waitingSignIns();
      const offset = (await db.relay.get("relay"))?.clockOffset ?? 0;
      const rows = signIns
        .map((signIn) => ({ ...signIn, expiresAt: signIn.expiresAt - offset }))
        .filter(({ expiresAt }) => expiresAt > deps.now())
        .slice(0, SHOWN);
      const known = await db.transaction("rw", db.signIns, async () => {
        const before = new Set(await db.signIns.toCollection().primaryKeys());
        await db.signIns.clear();
        await db.signIns.bulkPut(rows);
        return before;
      });
      for (const row of rows) if (!known.has(row.signInId)) deps.announce(row);
    },
    prune: async () => {
      const now = deps.now();
      const over = await db.signIns.filter(({ expiresAt }) => expiresAt <= now).primaryKeys();
      if (over.length > 0) await db.signIns.bulkDelete(over);
    },
  };
}
