import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import {
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement,
} from "kysely";

/** Prepared statements kept; the relay's queries are a fixed set far below it. */
const STATEMENTS = 500;

/** Kysely over the SQLite built into Node. */
export function sqliteDialect(path: string): Dialect {
  const database = openDatabase(path);
  return {
    createDriver: () => new SqliteDriver({ database }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** SQLite can roll schema changes back, so a migration that fails leaves nothing behind. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function openDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = wrapStatement(database.prepare(sql));
      if (statements.size >= STATEMENTS) statements.clear();
      statements.set(sql, statement);
      return statement;
    },
  };
}

function wrapStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(checkValue)),
    run: (parameters) => statement.run(...parameters.map(checkValue)),
    iterate: (parameters) => statement.iterate(...parameters.map(checkValue)),
  };
}

function checkValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return value;
  }
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}.`);
}
