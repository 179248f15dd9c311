import { isAppError } from "@agent-personas/shared/errors/app-error";
import {
  connectOAuth,
  issuerOf,
  loadChoice,
  registerUndescribed,
  type Attempt,
  type ConnectOAuthDeps,
} from "./connect-oauth.ts";
import { headersSchema, headersSecretId } from "./credentials.ts";
import type { Connection } from "./load-connection.ts";
import { isChosen } from "./oauth/sign-in-choice.ts";
import { tokenRecordSchema, tokenSecretId } from "./oauth/token-record.ts";
import type { Probed } from "./probe.ts";
import type { RefreshedTools } from "./refresh-tools.ts";

export type ConnectAppDeps = ConnectOAuthDeps & {
  attempt: Attempt;
  probe(url: string): Promise<Probed>;
  /** Ends sessions that began with another credential. */
  forget(connectionId: string): Promise<void>;
  refreshTools(connectionId: string): Promise<RefreshedTools>;
};

/** What a person's click on Connect does: signs in where the app wants it, and lists the tools. */
export async function connectApp(deps: ConnectAppDeps, connection: Connection): Promise<RefreshedTools> {
  const { row, app } = connection;
  const { connectionId } = row;
  if (app.credential !== "oauth") {
    await deps.forget(connectionId);
    // Whoever connects without a header chose to sign in.
    if (app.credential === "headers" && !(await hasHeaders(deps, app.appId)))
      return signInUndescribed(deps, connection);
    try {
      return await deps.refreshTools(connectionId);
    } catch (error) {
      if (app.credential === "headers" || !needsSignIn(error)) throw error;
      // It was open when it was added, and wants a credential now.
      const { credential } = await deps.probe(app.url);
      await deps.database.apps.update(app.appId, { credential });
      if (credential !== "oauth") throw error;
      return connectApp(deps, { row, app: { ...app, credential } });
    }
  }
  const secret = await deps.vault.read(tokenSecretId(connectionId), tokenRecordSchema).catch(() => null);
  const isCurrent = secret !== null && isChosen(secret.value.context, await loadChoice(deps, connectionId));
  // Retry: a server that was down or a permission that was missing needs no new consent.
  if (isCurrent && ["unreachable", "permission_missing", "locked", "expired"].includes(row.status)) {
    try {
      return await deps.refreshTools(connectionId);
    } catch (error) {
      if (!needsSignIn(error)) throw error;
    }
  }
  const issuer = await signIn(deps, connection);
  try {
    return await deps.refreshTools(connectionId);
  } catch (error) {
    // It has moved to another authorization server since it named this one.
    if (!needsSignIn(error) || (await issuerOf(deps, connection)) === issuer) throw error;
  }
  await signIn(deps, connection);
  return deps.refreshTools(connectionId);
}

/** It takes headers still, should the sign-in fail: not all that makes a client of anybody can sign one in. */
async function signInUndescribed(deps: ConnectAppDeps, connection: Connection): Promise<RefreshedTools> {
  const { row, app } = connection;
  await registerUndescribed(deps, connection);
  await signIn(deps, connection);
  await deps.database.apps.update(app.appId, { credential: "oauth" });
  return deps.refreshTools(row.connectionId);
}

/** Whether any account of the app has a header. */
async function hasHeaders({ database, vault }: ConnectAppDeps, appId: string): Promise<boolean> {
  for (const connectionId of await database.connections.where({ appId }).primaryKeys()) {
    if ((await vault.read(headersSecretId(connectionId), headersSchema)) !== null) return true;
  }
  return false;
}

async function signIn(deps: ConnectAppDeps, connection: Connection): Promise<string> {
  const { connectionId } = connection.row;
  const record = await connectOAuth(deps, connection, deps.attempt);
  await deps.forget(connectionId);
  return record.context.server.issuer;
}

const needsSignIn = (error: unknown): boolean => isAppError(error) && error.code === "app_needs_sign_in";
