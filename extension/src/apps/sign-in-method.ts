import type { Database } from "../db/database.ts";
import type { ConnectionRow, SignInMethod } from "../db/rows.ts";
import type { AppSignIn } from "../lib/app-sign-in.ts";
import type { Vault } from "../vault/vault.ts";
import type { Locks } from "./locks.ts";
import { assertionId, ASSERTIONS } from "./oauth/identity-provider.ts";
import { methodOf, signInChoiceId, toChoice } from "./oauth/sign-in-choice.ts";

type Deps = { database: Database; vault: Vault; locks: Locks };

/** Keeps how a connection is to sign in; the tokens that it has work on until the next Connect. */
export async function chooseSignIn(deps: Deps, row: ConnectionRow, signIn: AppSignIn): Promise<void> {
  const { connectionId } = row;
  const choice = await toChoice(signIn, row.issuer);
  if (choice === null) await deps.vault.remove(signInChoiceId(connectionId));
  else await deps.vault.write(signInChoiceId(connectionId), choice);
  await setMethods(deps, row, { signIn: methodOf(choice?.grant) });
}

/** The tokens in use were obtained so. */
export const noteSignedIn = (deps: Deps, row: ConnectionRow, signedIn: SignInMethod | undefined): Promise<void> =>
  setMethods(deps, row, { signedIn });

export async function forgetSignIn(deps: Deps, row: ConnectionRow): Promise<void> {
  await deps.vault.remove(signInChoiceId(row.connectionId));
  await setMethods(deps, row, { signIn: undefined, signedIn: undefined });
}

async function setMethods(
  deps: Deps,
  { connectionId }: ConnectionRow,
  changes: Pick<ConnectionRow, "signIn" | "signedIn">,
): Promise<void> {
  await deps.database.connections.update(connectionId, changes);
  await dropUnused(deps);
}

/** What identity providers said goes with the last connection that asks for it, or was opened by it. */
async function dropUnused({ database, vault, locks }: Deps): Promise<void> {
  const kept = await database.secrets.where("id").startsWith(ASSERTIONS).primaryKeys();
  if (kept.length === 0) return;
  const used = new Set<string>();
  for (const { signIn, signedIn } of await database.connections.toArray()) {
    for (const method of [signIn, signedIn]) if (method?.kind === "enterprise_managed") used.add(assertionId(method));
  }
  for (const id of kept) if (!used.has(id)) await locks.request(id, () => vault.remove(id));
}
