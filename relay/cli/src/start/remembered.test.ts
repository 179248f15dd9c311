import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRemembered, remember } from "./remembered.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent personas "));
});
afterEach(() => rm(folder, { recursive: true }));

test("reads what was remembered, in a folder that did not exist", async () => {
  const data = join(folder, "new", "data");
  await remember(data, { relayPort: 5000, samplePort: 5001 });
  expect(await readRemembered(data)).toEqual({ relayPort: 5000, samplePort: 5001 });
});

test.each(["", "not json", "[]", '{"relayPort":"x"}', '{"relayPort":0}'])("starts afresh from %j", async (text) => {
  await writeFile(join(folder, "start.json"), text);
  expect(await readRemembered(folder)).toEqual({ relayPort: null, samplePort: null });
});
