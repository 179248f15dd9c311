import { z } from "zod";
import { cachedRow } from "../db/cached-row.ts";
import type { Database } from "../db/database.ts";
import type { AppSignIn } from "../lib/app-sign-in.ts";
import type { Vault } from "../vault/vault.ts";
import { createAppListening, type AppListening, type AppNotice } from "./app-listening.ts";
import { createAppSessions } from "./app-sessions.ts";
import { checkAppUrl } from "./app-url.ts";
import { callDownstream } from "./call-downstream.ts";
import { createCallLimit } from "./call-limit.ts";
import { connectApp } from "./connect-app.ts";
import { fetchFor, renewSilently } from "./connect-oauth.ts";
import { createStatusReporter, statusOf } from "./connection-status.ts";
import { headersSecretId, ownerOf } from "./credentials.ts";
import type { Downstream } from "./downstream.ts";
import { createFreshLists } from "./fresh-lists.ts";
import { checkHeaders } from "./header-rules.ts";
import { loadConnection, type Connection } from "./load-connection.ts";
import type { Locks } from "./locks.ts";
import type { Identity } from "./oauth/authorize.ts";
import type { AskProvider } from "./oauth/identity-provider.ts";
import type { Fetch } from "./oauth/metadata-fetch.ts";
import type { OriginRules } from "./origin-rules.ts";
import { revoke } from "./oauth/revoke.ts";
import { tokenRecordSchema, tokenSecretId } from "./oauth/token-record.ts";
import { createOpenQuestions } from "./open-questions.ts";
import { probeApp, type Probed } from "./probe.ts";
import { createTokenSource } from "./refresh.ts";
import { createToolRefresher, type RefreshedTools } from "./refresh-tools.ts";
import { chooseSignIn, forgetSignIn } from "./sign-in-method.ts";
import { toFault } from "./to-fault.ts";

export type AppsDeps = {
  database: Database;
  vault: Vault;
  /** `navigator.locks`. */
  locks: Locks;
  identity: Identity;
  askProvider?: AskProvider | undefined;
  originRules: OriginRules;
  /** Whether the browser lets this extension reach the URL's host. */
  mayReach(url: string): Promise<boolean>;
  /** Where this extension's client metadata document is; null where it has none. */
  clientDocument: string | null;
  /** The extension's version, told to apps. */
  version: string;
  fetch: Fetch;
  now: () => number;
};

export type Apps = ReturnType<typeof createApps>;

/** How long a call waits for the list that its tool is compared with: a third of its time at most. Milliseconds. */
const LIST_WAIT_MS = 15_000;

/** Everything of this folder, composed. */
export function createApps(deps: AppsDeps) {
  const { database, vault } = deps;
  const mayReach = (url: string): Promise<boolean> => deps.mayReach(url);
  // An extension must not compile code, and zod would try.
  z.config({ jitless: true });
  const status = createStatusReporter(deps);
  const limit = createCallLimit();
  const questions = createOpenQuestions(deps);
  const tokens = createTokenSource({
    vault,
    locks: deps.locks,
    now: deps.now,
    fetchFor: (owner) => fetchFor(deps, owner),
    authorizeSilently: (owner, context) => renewSilently(deps, owner, context),
  });
  const sessions = createAppSessions({
    ...deps,
    tokens,
    onToolsChanged: (connectionId) => lists.announced(connectionId),
  });
  const refresher = createToolRefresher({ ...deps, sessions, status });
  const lists = createFreshLists({ ...deps, refresher, waitMs: LIST_WAIT_MS });

  const forget = async (connectionId: string): Promise<void> => {
    tokens.forget(connectionId);
    await sessions.close(connectionId);
  };

  const probe = (url: string): Promise<Probed> => probeApp({ ...deps, sessions, mayReach }, url);

  /** The Connect that counts, for each connection. */
  const attempts = new Map<string, object>();

  const refreshTools = (connectionId: string): Promise<RefreshedTools> => refresher.refresh(connectionId);

  const connect = (connection: Connection): Promise<RefreshedTools> => {
    const { connectionId } = connection.row;
    const mine = {};
    attempts.set(connectionId, mine);
    const attempt = { isCurrent: () => attempts.get(connectionId) === mine };
    return connectApp({ ...deps, attempt, probe, forget, refreshTools }, connection).finally(() => {
      if (attempt.isCurrent()) attempts.delete(connectionId);
    });
  };

  /** For the service of features/apps, which adds rows and rules. */
  const gateway = {
    checkUrl: checkAppUrl,
    probe,

    /** Signs in where the app wants it, stores the credential, lists the tools. */
    async connect(connectionId: string): Promise<RefreshedTools> {
      const connection = await loadConnection(database, connectionId);
      try {
        return await connect(connection);
      } catch (error) {
        const failed = await toFault(deps, connection.app, error, "connect");
        const next = statusOf(failed);
        // Giving up a first sign-in leaves the connection as it was: never authorised.
        const never = next === "needs_sign_in" && connection.row.status === "not_connected";
        const problem = { code: failed.code, detail: failed.detail };
        if (next !== null) await status.report(connectionId, never ? "not_connected" : next, problem);
        throw failed;
      }
    },

    async setHeaders(connectionId: string, headers: Record<string, string>): Promise<string[]> {
      const checked = checkHeaders(headers);
      await vault.write(headersSecretId(connectionId), checked);
      await forget(connectionId);
      return Object.keys(checked);
    },

    async setSignIn(connectionId: string, signIn: AppSignIn, server: string | null = null): Promise<void> {
      const { row } = await loadConnection(database, connectionId);
      attempts.delete(connectionId);
      await chooseSignIn(deps, row, { signIn, server });
    },

    refreshTools,

    /** Revokes upstream where offered, forgets every secret, ends the sessions. */
    async disconnect(connectionId: string): Promise<void> {
      const connection = await loadConnection(database, connectionId);
      attempts.delete(connectionId);
      const stored = await vault.read(tokenSecretId(connectionId), tokenRecordSchema).catch(() => null);
      await forget(connectionId);
      if (stored !== null) await revoke(fetchFor(deps, ownerOf(connection)), stored.value);
      for (const id of [tokenSecretId, headersSecretId]) await vault.remove(id(connectionId));
      await forgetSignIn(deps, connection.row);
      tokens.forget(connectionId);
      await status.report(connectionId, "not_connected");
    },
  };

  const downstream: Downstream = {
    call: (call) => callDownstream({ database, sessions, limit, questions, status, mayReach }, call),

    ensureListed: lists.ensure,

    async currentDefinition(connectionId, name) {
      const tool = await cachedRow(database, "tools", [connectionId, name]);
      return tool?.present === true ? { definition: tool.definition, pin: tool.pin } : null;
    },

    async currentItem(connectionId, kind, id) {
      const item = await cachedRow(database, "items", [connectionId, kind, id]);
      return item?.present === true ? { pin: item.pin } : null;
    },

    close: (connectionId) => sessions.close(connectionId),
  };

  const listenOver = (onNotice: (notice: AppNotice) => void): AppListening =>
    createAppListening({ sessions, onNotice, now: deps.now, random: Math.random });

  return { downstream, gateway, listenOver };
}
