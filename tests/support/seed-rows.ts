import type { Page } from "playwright-core";

/**
 * Writes rows as the background would; pages opened afterwards show them. `where` is an expression over `row`; what
 * changes to undefined is taken out.
 */
export async function seedRows(
  page: Page,
  table: string,
  changes: Record<string, unknown>,
  where = "true",
): Promise<void> {
  const gone = Object.keys(changes).filter((key) => changes[key] === undefined);
  const change = `(row) => { ${gone.map((key) => `delete row[${JSON.stringify(key)}];`).join("")} return row; }`;
  await page.evaluate(`new Promise((resolve, reject) => {
    const open = indexedDB.open("agent-personas");
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction(${JSON.stringify(table)}, "readwrite");
      const store = transaction.objectStore(${JSON.stringify(table)});
      const all = store.getAll();
      all.onsuccess = () => all.result.filter((row) => ${where}).forEach((row) => store.put((${change})({ ...row, ...${JSON.stringify(changes)} })));
      transaction.oncomplete = () => { open.result.close(); resolve(null); };
      transaction.onerror = () => reject(transaction.error);
    };
  })`);
}
