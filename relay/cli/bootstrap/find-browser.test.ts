import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser } from "./find-browser.mjs";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent personas "));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, "");
  await chmod(file, 0o755);
  return file;
}

test("prefers Chromium to Chrome and Chrome to Edge", async () => {
  await program("microsoft-edge");
  const chrome = await program("google-chrome");
  expect([chrome, findBrowser({ PATH: "/nowhere" })]).toContain(findBrowser({ PATH: folder }));
  const chromium = await program("chromium");
  expect(findBrowser({ PATH: `/nowhere:${folder}` })).toBe(chromium);
});

test("takes the program that CHROME_PATH names, and refuses one that is not there", async () => {
  const own = await program("my browser");
  expect(findBrowser({ PATH: "", CHROME_PATH: own })).toBe(own);
  expect(() => findBrowser({ PATH: "", CHROME_PATH: join(folder, "gone") })).toThrow("which is not a program");
});
