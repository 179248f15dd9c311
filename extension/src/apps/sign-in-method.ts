import type { AppSignIn } from "../lib/app-sign-in.ts";
import type { ConnectionRow, SignInMethod } from "../db/rows.ts";
import { fetchFor, type ConnectOAuthDeps } from "./connect-oauth.ts";
import type { Database } from "../db/database.ts";
import { takeAssertion } from "./oauth/identity-provider.ts";
import { revoke } from "./oauth/revoke.ts";
import { methodOf, signInChoiceId, toChoice } from "./oauth/sign-in-choice.ts";

type Deps = ConnectOAuthDeps & { database: Database };

/** Keeps how a connection is to sign in; tokens that it has work on until the next Connect. */
export async function chooseSignIn(deps: Deps, row: ConnectionRow, signIn: AppSignIn): Promise<void> {
  const { connectionId } = row;
  const choice = await toChoice(signIn);
  if (choice === null) await deps.vault.remove(signInChoiceId(connectionId));
  else await deps.vault.write(signInChoiceId(connectionId), choice);
  await setMethod(deps, row, methodOf(choice));
}

export async function forgetSignIn(deps: Deps, row: ConnectionRow): Promise<void> {
  await deps.vault.remove(signInChoiceId(row.connectionId));
  await setMethod(deps, row, undefined);
}

async function setMethod(deps: Deps, row: ConnectionRow, method: SignInMethod | undefined): Promise<void> {
  await deps.database.connections.update(row.connectionId, { signIn: method });
  if (row.signIn !== undefined) await forgetUnused(deps, row.signIn);
}

/** An identity provider's word goes with the last connection that asks for it. */
async function forgetUnused(deps: Deps, method: SignInMethod): Promise<void> {
  if (method.kind !== "enterprise_managed") return;
  const { issuer, clientId } = method;
  const users = await deps.database.connections
    .filter(({ signIn }) => signIn?.kind === method.kind && signIn.issuer === issuer && signIn.clientId === clientId)
    .count();
  if (users > 0) return;
  const left = await takeAssertion(deps, method);
  // An ID token cannot be revoked; it ends by itself.
  if (left === null || left.refreshToken === null) return;
  await revoke(fetchFor(deps, { appUrl: issuer }), { ...left, accessToken: left.idToken });
}
