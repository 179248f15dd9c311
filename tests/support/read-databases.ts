/** Every row of every database that extensions in this process have, as text, bytes as they are. */
export async function readDatabases(): Promise<string> {
  const found: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await finished(indexedDB.open(name ?? ""));
    for (const store of database.objectStoreNames) {
      const rows: unknown = await finished(database.transaction(store).objectStore(store).getAll());
      found.push(store, textOf(rows));
    }
    database.close();
  }
  return found.join("\n");
}

const finished = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("The database cannot be read.")));
  });

/** JSON would write bytes as numbers, in which no text is found. */
function textOf(value: unknown): string {
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("latin1");
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${textOf(member)}`)
    .join("\n");
}
