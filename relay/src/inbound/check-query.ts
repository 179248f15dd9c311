import { AppError } from "@agent-personas/shared/errors/app-error";
import type { RelayDeps } from "../deps.ts";
import { flagLeakedKey } from "../store/access-keys.ts";
import { insertAudit } from "../store/audit.ts";
import { findTokens } from "../http/find-tokens.ts";
import { hashKey } from "./hash-key.ts";

const KEY = /ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/gu;
/** Keys looked up of one query. */
const LOOKED_UP = 4;

/**
 * Refuses credentials in the address, where logs keep them, and flags a key of ours as leaked.
 * @throws AppError `key_in_query`
 */
export async function checkQuery(
  deps: Pick<RelayDeps, "store" | "now" | "log">,
  query: URLSearchParams,
): Promise<void> {
  const texts = [...query].map(([name, value]) => `${name} ${value}`);
  const keys = texts.flatMap((text) => text.match(KEY) ?? []);
  if (keys.length === 0 && !query.has("access_token") && !texts.some((text) => findTokens(text).length > 0)) return;
  for (const key of new Set(keys.slice(0, LOOKED_UP))) {
    const flagged = await flagLeakedKey(deps.store.db, hashKey(key), deps.now());
    if (flagged === null) continue;
    deps.log.warn({ keyId: flagged.keyId }, "an access key was sent in a query string");
    await insertAudit(deps.store.db, {
      at: deps.now(),
      userId: flagged.creatorId,
      deviceId: null,
      event: "key_leaked",
      subject: flagged.keyId,
      detail: { where: "query" },
    });
  }
  throw new AppError("key_in_query");
}
