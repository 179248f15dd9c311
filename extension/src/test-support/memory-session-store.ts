import type { SessionStore } from "../lib/session-store.ts";

/** `storage.session` for tests in Node; one value outlives as many workers as are made over it. */
export function memorySessionStore(): SessionStore {
  const values = new Map<string, unknown>();
  return {
    list: (prefix) =>
      Promise.resolve(Object.fromEntries([...values].filter(([key]) => key.startsWith(prefix)).map(copy))),
    get: (key) => Promise.resolve(structuredClone(values.get(key))),
    set: (key, value) => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
    remove: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
  };
}

const copy = ([key, value]: [string, unknown]): [string, unknown] => [key, structuredClone(value)];
