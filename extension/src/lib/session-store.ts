/** Memory that survives a killed worker but not the browser, and never touches the disk. */
export type SessionStore = {
  /** Everything whose key begins with `prefix`. */
  list: (prefix: string) => Promise<Record<string, unknown>>;
  get: (key: string) => Promise<unknown>;
  set: (key: string, value: unknown) => Promise<void>;
  /** All of it or nothing, in one write. */
  setAll: (values: Readonly<Record<string, unknown>>) => Promise<void>;
  remove: (key: string) => Promise<void>;
  removeAll: (keys: readonly string[]) => Promise<void>;
};
