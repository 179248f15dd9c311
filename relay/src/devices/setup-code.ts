import { StartError } from "../start-error.ts";
import { hasSetupCode, replaceCode } from "../store/pairing-codes.ts";
import { findAdministrator, hasAdministratorDevice } from "../store/users.ts";
import type { Store } from "../store/store.ts";
import { createPairingCode } from "./pairing-code.ts";

/**
 * The set-up code of a relay without an administrator's device: made, and returned, once on a fresh relay, and again
 * only with `recover`. Null when there is nothing to show.
 * @throws StartError for `recover` while an administrator's device exists.
 */
export async function issueSetupCode(
  { db }: Store,
  options: { now: number; recover: boolean },
): Promise<string | null> {
  if (await hasAdministratorDevice(db)) {
    if (options.recover) {
      throw new StartError("An administrator's browser is paired with this relay, so no new set-up code is made.");
    }
    return null;
  }
  if (!options.recover && (await hasSetupCode(db))) return null;
  const { shown, hash } = await createPairingCode();
  const userId = await findAdministrator(db);
  await db
    .transaction()
    .execute((transaction) =>
      replaceCode(transaction, { kind: "setup", userId, codeHash: hash, createdAt: options.now }),
    );
  return shown;
}
