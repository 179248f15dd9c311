import "fake-indexeddb/auto";
import { openDatabase } from "../../db/database.ts";
import type { CredentialKind } from "../../db/rows.ts";
import { memorySessionStore } from "../../test-support/memory-session-store.ts";
import { appRow, connectionRow } from "../../test-support/rows.ts";
import { createVault } from "../../vault/vault.ts";
import { createApps, type AppsDeps } from "../create-apps.ts";
import type { Locks } from "../locks.ts";
import type { Identity } from "../oauth/authorize.ts";

export const REDIRECT_URL = "https://extension-id.chromiumapp.org/oauth";
export const PROVIDER_REDIRECT_URL = `${REDIRECT_URL}/provider`;

/** Follows redirects as the browser's window does; a page instead of a redirect needs a person. */
export function fakeIdentity(): Identity & { opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    redirectUrl: () => REDIRECT_URL,
    providerRedirectUrl: () => PROVIDER_REDIRECT_URL,
    async launchWebAuthFlow({ url, interactive }) {
      opened.push(url);
      const response = await fetch(url, { redirect: "manual" });
      const location = response.headers.get("location");
      if (location?.startsWith(REDIRECT_URL) === true) return location;
      throw new Error(interactive ? "The user did not approve access." : "User interaction required.");
    },
  };
}

export const locks: Locks = { request: (name, task) => navigator.locks.request(name, task) };

/** All of `apps` over a fresh database, real sockets and the real Web Locks of Node. */
export async function setUpApps(overrides: Partial<AppsDeps> = {}) {
  const database = openDatabase(`apps-${crypto.randomUUID()}`);
  const vault = createVault({ database, sessionStorage: memorySessionStore() });
  const identity = fakeIdentity();
  const deps: AppsDeps = {
    database,
    vault,
    // Lock names are global in Node's process; connections have ids of their own.
    locks,
    identity,
    originRules: { strip: () => Promise.resolve(false) },
    mayReach: () => Promise.resolve(true),
    clientDocument: null,
    version: "0.1.0",
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    ...overrides,
  };
  const apps = createApps(deps);
  return {
    ...apps,
    deps,
    database,
    vault,
    identity,
    /** Rows of an app and its one connection. */
    async add(url: string, credential: CredentialKind): Promise<string> {
      const appId = `app_${crypto.randomUUID()}`;
      const connectionId = `connection_${crypto.randomUUID()}`;
      await database.apps.add(appRow({ appId, url, name: "Fake App", credential, protocol: null }));
      await database.connections.add(
        connectionRow({ connectionId, appId, status: "not_connected", toolsListedAt: null }),
      );
      return connectionId;
    },
    async [Symbol.asyncDispose]() {
      await apps.downstream.close();
      await database.delete();
    },
  };
}
