import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createVault } from "../../vault/vault.ts";
import { connectionRow, toolRow } from "../rows.ts";
import { forgetSession, openStoredProfile, readRows } from "./stored-profile.ts";

// What a killed worker leaves behind. Nothing is closed here, as nothing is when it is killed.

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stored-profile-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the next process has what was committed, however it was written and removed, and nothing else", async () => {
  const { database: db } = await openStoredProfile(folder);
  await db.connections.bulkAdd(["a", "b", "c"].map((connectionId) => connectionRow({ connectionId })));
  await db.connections.update("a", { label: "Changed" });
  await db.connections.where("connectionId").equals("b").modify({ status: "unreachable" });
  await db.connections.delete("c");
  await db.tools.bulkPut(["one", "two"].map((name) => toolRow(name)));
  await db.tools.where({ connectionId: "connection_work" }).delete();
  await db.tools.add(toolRow("three"));
  await db.drafts.put({ draftId: "new", step: 1, draft: {}, updatedAt: 1 });
  await db.drafts.clear();
  const undone = db.transaction("rw", db.connections, async () => {
    await db.connections.clear();
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const { database: next } = await openStoredProfile(folder);
  for (const name of ["connections", "tools", "drafts"] as const) {
    const rows = await db.table(name).toArray();
    expect([await next.table(name).toArray(), readRows(folder, name)]).toEqual([rows, rows]);
  }
  expect(await next.connections.toArray()).toMatchObject([{ label: "Changed" }, { status: "unreachable" }]);
});

test("secrets are opened by the next process, whose keys cannot be exported either", async () => {
  const profile = await openStoredProfile(folder);
  await createVault({ database: profile.database, sessionStorage: profile.session }).write("tokens/a", {
    token: "canary",
  });
  forgetSession(folder);
  const next = await openStoredProfile(folder);
  const vault = createVault({ database: next.database, sessionStorage: next.session });
  expect((await vault.read("tokens/a", z.object({ token: z.string() })))?.value).toEqual({ token: "canary" });
  expect((await next.database.vault.get("vault"))?.wrappingKey.extractable).toBe(false);
});

test("the session's store outlives the process, and not the browser", async () => {
  const { session } = await openStoredProfile(folder);
  await session.set("call:1", { state: "running" });
  await session.set("call:2", { state: "done" });
  await session.remove("call:2");
  const next = (await openStoredProfile(folder)).session;
  expect(await next.list("call:")).toEqual({ "call:1": { state: "running" } });
  forgetSession(folder);
  expect(await (await openStoredProfile(folder)).session.list("")).toEqual({});
});

test("a commit that was cut off in the middle was none, and those after it count", async () => {
  const { session } = await openStoredProfile(folder);
  await session.set("kept", 1);
  appendFileSync(join(folder, "session"), Buffer.from([200, 0, 0, 0, 255, 15]));
  const next = (await openStoredProfile(folder)).session;
  await next.set("later", 2);
  expect(await (await openStoredProfile(folder)).session.list("")).toEqual({ kept: 1, later: 2 });
});
