import type { Database } from "../db/database.ts";
import type { ConnectionRow } from "../db/rows.ts";
import type { AppSignIn } from "../lib/app-sign-in.ts";
import type { Vault } from "../vault/vault.ts";
import type { Locks } from "./locks.ts";
import { assertionId, ASSERTIONS } from "./oauth/identity-provider.ts";
import { methodOf, signInChoiceId, toChoice } from "./oauth/sign-in-choice.ts";
import type { TokenRecord } from "./oauth/token-record.ts";

type Deps = { database: Database; vault: Vault; locks: Locks };

/** Keeps how a connection is to sign in; the tokens that it has work on until the next Connect. */
export async function chooseSignIn(
  deps: Deps,
  row: ConnectionRow,
  { signIn, server }: { signIn: AppSignIn; server: string | null },
): Promise<void> {
  const { connectionId } = row;
  const choice = await toChoice(signIn, server);
  if (choice === null) await deps.vault.remove(signInChoiceId(connectionId));
  else await deps.vault.write(signInChoiceId(connectionId), choice);
  await setMethods(deps, row, { signIn: methodOf(choice?.grant, choice !== null) });
}

/** What pages show of the tokens that are in use now. */
export async function noteSignedIn(deps: Deps, row: ConnectionRow, record: TokenRecord): Promise<void> {
  const { server, client, grant } = record.context;
  await setMethods(deps, row, {
    signedIn: methodOf(grant, client.origin === "own"),
    issuer: server.issuer,
    scopes: record.grantedScope?.split(" ").filter((scope) => scope !== "") ?? [],
    wantedScopes: [],
    expiresAt: record.expiresAt,
  });
}

export async function forgetSignIn(deps: Deps, row: ConnectionRow): Promise<void> {
  await deps.vault.remove(signInChoiceId(row.connectionId));
  await setMethods(deps, row, { signIn: undefined, signedIn: undefined });
}

async function setMethods(deps: Deps, { connectionId }: ConnectionRow, changes: Partial<ConnectionRow>): Promise<void> {
  await deps.database.connections.update(connectionId, changes);
  await dropUnused(deps);
}

/** What identity providers said goes with the last connection that asks for it, or was opened by it. */
export async function dropUnused({ database, vault, locks }: Deps): Promise<void> {
  const kept = await database.secrets.where("id").startsWith(ASSERTIONS).primaryKeys();
  if (kept.length === 0) return;
  const used = new Set<string>();
  for (const { signIn, signedIn } of await database.connections.toArray()) {
    for (const method of [signIn, signedIn]) if (method?.kind === "enterprise_managed") used.add(assertionId(method));
  }
  for (const id of kept) if (!used.has(id)) await locks.request(id, () => vault.remove(id));
}
