import type { DBCore, DBCoreMutateRequest, DBCoreMutateResponse, DBCoreTable, DBCoreTransaction } from "dexie";
import type { Database } from "../../db/database.ts";
import type { Change } from "./journal.ts";

/** Tells what a database commits, in the moment in which it does: nobody has heard of it yet. Before it is opened. */
export function recordCommits(database: Database, onCommit: (changes: readonly Change[]) => void): void {
  database.use({ stack: "dbcore", name: "record-commits", create: (core) => recording(core, onCommit) });
}

function recording(core: DBCore, onCommit: (changes: readonly Change[]) => void): DBCore {
  const open = new WeakMap<DBCoreTransaction, Change[]>();
  return {
    ...core,
    transaction: (...asked) => {
      const transaction = core.transaction(...asked);
      const changes: Change[] = [];
      open.set(transaction, changes);
      if (!(transaction instanceof IDBTransaction)) throw new Error("The database has transactions of its own.");
      transaction.addEventListener("complete", () => changes.length > 0 && onCommit(changes));
      return transaction;
    },
    table: (name) => {
      const table = core.table(name);
      return {
        ...table,
        mutate: (request) =>
          mutate(table, request).then(({ change, response }) => {
            open.get(request.trans)?.push(change);
            return response;
          }),
      };
    },
  };
}

type Mutated = { change: Change; response: DBCoreMutateResponse };

// Without `await`, which would leave the transaction's zone.
function mutate(table: DBCoreTable, request: DBCoreMutateRequest): Promise<Mutated> {
  const change: Change = { table: table.name, put: [], remove: [] };
  const { primaryKey } = table.schema;
  if (request.type === "deleteRange") {
    const { trans, range } = request;
    return table
      .query({ trans, values: false, query: { index: primaryKey, range } })
      .then(({ result }) => mutate(table, { type: "delete", trans, keys: result }));
  }
  if (request.type === "delete") {
    const remove = request.keys.map(textOf);
    return table.mutate(request).then((response) => ({ change: { ...change, remove }, response }));
  }
  // Before anybody can change what was given.
  const rows = request.values.map((row): [string, unknown] => [
    textOf(primaryKey.extractKey?.(row)),
    structuredClone(row),
  ]);
  return table.mutate(request).then((response) => {
    const put = rows.filter((_row, number) => response.failures[number] === undefined);
    return { change: { ...change, put }, response };
  });
}

const textOf = (key: unknown): string => JSON.stringify(key);
