import type { SessionStore } from "../lib/session-store.ts";

/**
 * `storage.session` for tests in Node; one value outlives as many workers as are made over it. `onChange` hears of each
 * value that is set, and of undefined for one that is removed, before whoever did it goes on.
 */
export function memorySessionStore(
  values = new Map<string, unknown>(),
  onChange: (key: string, value: unknown) => void = () => undefined,
): SessionStore {
  return {
    list: (prefix) =>
      Promise.resolve(Object.fromEntries([...values].filter(([key]) => key.startsWith(prefix)).map(copy))),
    get: (key) => Promise.resolve(structuredClone(values.get(key))),
    set: (key, value) => {
      values.set(key, structuredClone(value));
      onChange(key, value);
      return Promise.resolve();
    },
    remove: (key) => {
      values.delete(key);
      onChange(key, undefined);
      return Promise.resolve();
    },
  };
}

const copy = ([key, value]: [string, unknown]): [string, unknown] => [key, structuredClone(value)];
