import { Kysely } from "kysely";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { initial } from "./migrations/0001-initial.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { Tables } from "./tables.ts";

test("a migration that fails leaves nothing of itself or of those before it in the same run", async () => {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(":memory:") });
  const failing = {
    up: async (schema: Kysely<unknown>) => {
      await schema.schema.createTable("half").addColumn("id", "integer").execute();
      throw new Error("stop");
    },
  };
  await expect(migrate(db, { "0001-initial": initial, "0002-failing": failing })).rejects.toThrow("brought up to date");
  expect((await db.introspection.getTables()).map((table) => table.name)).toEqual([]);
  await migrate(db, { "0001-initial": initial });
  await migrate(db, { "0001-initial": initial });
  expect((await db.introspection.getTables()).length).toBeGreaterThan(8);
  await db.destroy();
});
