/** Sets an entry as the newest of a map that holds `limit` at most: beyond that the oldest goes. */
export function keepNewest<Key extends {}, Value>(map: Map<Key, Value>, key: Key, value: Value, limit: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > limit ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
