import "fake-indexeddb/auto";
import type { AppsDeps } from "../../apps/create-apps.ts";
import { openDatabase, type Database } from "../../db/database.ts";
import type { SessionStore } from "../../lib/session-store.ts";
import { memorySessionStore } from "../memory-session-store.ts";

/** What lives longer than a worker: the database always, the session store as long as the browser runs (stored-profile.ts). */
export type Profile = { database: Database; session: SessionStore };

/** What a worker is lent instead of `browser.*`. All of it stops with the device. */
export type Platform = {
  session: SessionStore;
  apps: Pick<
    AppsDeps,
    "locks" | "identity" | "askProvider" | "originRules" | "mayReach" | "clientDocument" | "version"
  >;
  fetch: (...request: Parameters<typeof fetch>) => Promise<Response>;
  after: (ms: number, task: () => void) => () => void;
};

/** The person's window for sign-ins at apps. */
export type SignIn = AppsDeps["identity"];

export type PlatformOptions = {
  signIn?: SignIn | undefined;
  /** Instead of that window, at identity providers. */
  askProvider?: AppsDeps["askProvider"];
  clientDocument?: string | null;
  /** The computer's clock. Milliseconds. */
  now?: () => number;
};

const REDIRECT_URL = "https://node-device.chromiumapp.org/oauth";

/** Nobody is there to consent. */
const nobody: SignIn = {
  redirectUrl: () => REDIRECT_URL,
  providerRedirectUrl: () => `${REDIRECT_URL}/provider`,
  launchWebAuthFlow: () => Promise.reject(new Error("User interaction required.")),
};

export const newProfile = (): Profile => ({
  database: openDatabase(`node-device-${crypto.randomUUID()}`),
  session: memorySessionStore(),
});

/** The adapters of one worker. Once `life` has ended, nothing it began reaches the network or the store any more. */
export function createPlatform(
  profile: Profile,
  life: AbortSignal,
  { signIn = nobody, askProvider, clientDocument = null }: PlatformOptions = {},
): Platform {
  const { session } = profile;
  const alive = <T>(work: () => Promise<T>): Promise<T> => (life.aborted ? Promise.reject(stopped()) : work());
  return {
    session: {
      list: (prefix) => alive(() => session.list(prefix)),
      get: (key) => alive(() => session.get(key)),
      set: (key, value) => alive(() => session.set(key, value)),
      setAll: (values) => alive(() => session.setAll(values)),
      remove: (key) => alive(() => session.remove(key)),
      removeAll: (keys) => alive(() => session.removeAll(keys)),
    },
    apps: {
      locks: { request: (name, task) => navigator.locks.request(name, task) },
      identity: signIn,
      askProvider,
      // Only a browser sends an Origin that an app may refuse.
      originRules: { strip: () => Promise.resolve(false) },
      mayReach: () => Promise.resolve(true),
      clientDocument,
      version: "0.0.0",
    },
    fetch: (input, init) => {
      const own = init?.signal ?? (input instanceof Request ? input.signal : null);
      return fetch(input, { ...init, signal: own === null ? life : AbortSignal.any([own, life]) });
    },
    after: (ms, task) => {
      const timer = setTimeout(() => !life.aborted && task(), ms);
      return () => clearTimeout(timer);
    },
  };
}

const stopped = (): Error => new Error("The device was stopped.");
