import { liveQuery } from "dexie";

/**
 * Runs `query` now and after every change, made anywhere in this extension, of what it read.
 * @returns how to stop it.
 */
export function watch<T>(query: () => Promise<T>, onValue: (value: T) => void): () => void {
  const subscription = liveQuery(query).subscribe({ next: onValue, error: () => undefined });
  return () => subscription.unsubscribe();
}
