import type { StateKey } from "@agent-personas/shared/mcp/sealed-state";
import { base64url } from "jose";
import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

const NAME = "state_key";

/** The key of sealed states, made at the first start; every node of this relay reads the same one. */
export async function loadStateKey(db: Kysely<Tables>): Promise<StateKey> {
  const value = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  await db
    .insertInto("meta")
    .values({ key: NAME, value })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.selectFrom("meta").select("value").where("key", "=", NAME).executeTakeFirstOrThrow();
  return { id: NAME, secret: base64url.decode(row.value) };
}
