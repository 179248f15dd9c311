import "fake-indexeddb/auto";
import { openDatabase } from "../../db/database.ts";
import type { AppRow, ConnectionRow, CredentialKind } from "../../db/rows.ts";
import { createVault } from "../../vault/vault.ts";
import { createApps, type AppsDeps } from "../create-apps.ts";
import type { Locks } from "../locks.ts";
import type { Identity } from "../oauth/authorize.ts";

export const REDIRECT_URL = "https://extension-id.chromiumapp.org/oauth";

/** Follows redirects as the browser's window does; a page instead of a redirect needs a person. */
export function fakeIdentity(): Identity & { opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    redirectUrl: () => REDIRECT_URL,
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

export function memorySession() {
  const values = new Map<string, unknown>();
  return {
    get: (key: string) => Promise.resolve(values.get(key)),
    set: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    remove: (key: string) => Promise.resolve(void values.delete(key)),
  };
}

/** All of `apps` over a fresh database, real sockets and the real Web Locks of Node. */
export async function setUpApps(overrides: Partial<AppsDeps> = {}) {
  const database = openDatabase(`apps-${crypto.randomUUID()}`);
  const vault = createVault({ database, sessionStorage: memorySession() });
  const identity = fakeIdentity();
  const deps: AppsDeps = {
    database,
    vault,
    // Lock names are global in Node's process; connections have ids of their own.
    locks,
    identity,
    originRules: { strip: () => Promise.resolve(false) },
    mayReach: () => Promise.resolve(true),
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
      await database.apps.add({ ...APP, appId, url, credential });
      await database.connections.add({ ...CONNECTION, appId, connectionId });
      return connectionId;
    },
    async [Symbol.asyncDispose]() {
      await apps.downstream.close();
      await database.delete();
    },
  };
}

const APP: AppRow = {
  appId: "",
  url: "",
  name: "Fake App",
  credential: "none",
  server: null,
  protocol: null,
  addedAt: 0,
};

const CONNECTION: ConnectionRow = {
  connectionId: "",
  appId: "",
  label: "Default",
  status: "not_connected",
  problem: null,
  statusAt: 0,
  issuer: null,
  scopes: [],
  expiresAt: null,
  headerNames: [],
  missingOrigins: [],
  toolsListedAt: null,
  createdAt: 0,
};
