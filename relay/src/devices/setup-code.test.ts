import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { startRelay } from "../start-relay.ts";
import { collect } from "../test-support/whole-relay.ts";
import { createTestDevice } from "../test-support/paired-device.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relay-setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (recover = false, lines: string[] = []) =>
  startRelay(readConfig({ PORT: "0", DATA_DIR: folder, LOG_LEVEL: "trace" }), { recover, log: collect(lines) });

test("is given once, and is neither in the log nor in the database", async () => {
  const lines: string[] = [];
  const first = await start(false, lines);
  const code = first.setupCode ?? "";
  await first.close();
  expect(code).toMatch(/^[a-z2-7]{5}(?:-[a-z2-7]{1,5})+$/u);
  const second = await start();
  expect(second.setupCode).toBeNull();
  await second.close();
  const stored = await readFile(join(folder, "relay.sqlite"), "latin1");
  for (const text of [lines.join(""), stored]) {
    expect(text).not.toContain(code);
    expect(text).not.toContain(code.replaceAll("-", ""));
  }
});

test("recover gives a new one that replaces the first, and none once an administrator's device exists", async () => {
  const first = await start();
  await first.close();
  const second = await start(true);
  expect(second.setupCode).not.toBeNull();
  const device = await createTestDevice(second.publicUrl, { now: Date.now() });
  expect((await device.tryPair(first.setupCode ?? "")).status).toBe(403);
  expect((await device.tryPair(second.setupCode ?? "")).status).toBe(201);
  await second.close();
  await expect(start(true)).rejects.toThrow(/already|is paired/u);
});
