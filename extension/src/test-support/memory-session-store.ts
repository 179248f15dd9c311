import type { SessionStore } from "../lib/session-store.ts";

/**
 * `storage.session` for tests in Node; one value outlives as many workers as are made over it. `onChange` hears of each
 * value that is set, and of undefined for one that is removed, before whoever did it goes on.
 */
export function memorySessionStore(
  values = new Map<string, unknown>(),
  onChange: (key: string, value: unknown) => void = () => undefined,
): SessionStore {
  const set = (key: string, value: unknown): void => {
    values.set(key, structuredClone(value));
    onChange(key, value);
  };
  const remove = (key: string): void => {
    values.delete(key);
    onChange(key, undefined);
  };
  return {
    list: (prefix) =>
      Promise.resolve(Object.fromEntries([...values].filter(([key]) => key.startsWith(prefix)).map(copy))),
    get: (key) => Promise.resolve(structuredClone(values.get(key))),
    set: (key, value) => Promise.resolve(set(key, value)),
    setAll: (all) => Promise.resolve(Object.entries(all).forEach(([key, value]) => set(key, value))),
    remove: (key) => Promise.resolve(remove(key)),
    removeAll: (keys) => Promise.resolve(keys.forEach(remove)),
  };
}

const copy = ([key, value]: [string, unknown]): [string, unknown] => [key, structuredClone(value)];
