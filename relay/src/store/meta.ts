import { createRelayId } from "@agent-personas/shared/oauth/access-key";
import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** This relay's id, made at its first start and part of every access key. */
export async function loadRelayId(db: Kysely<Tables>): Promise<string> {
  await db
    .insertInto("meta")
    .values({ key: "relay_id", value: createRelayId() })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.selectFrom("meta").select("value").where("key", "=", "relay_id").executeTakeFirstOrThrow();
  return row.value;
}
