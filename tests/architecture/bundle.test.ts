import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "@agent-personas/shared/errors/codes";
import { beforeAll, expect, test } from "vitest";
import { buildExtension, EXTENSION_FOLDER } from "../../relay/cli/bootstrap/build-extension.mjs";
import { bundleSizes } from "../load/bundle-sizes.ts";

beforeAll(() => buildExtension());

/** What grants nothing. */
const HARMLESS = new Set(["name", "version", "description", "key", "icons", "action", "options_ui"]);

const read = (name: string): string => readFileSync(join(EXTENSION_FOLDER, name), "utf8");
const scripts = (): string[] =>
  readdirSync(EXTENSION_FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));

test("nothing in the bundle makes code from text", () => {
  expect(scripts().length).toBeGreaterThanOrEqual(3);
  expect(scripts().filter((name) => /\bnew Function\b|\beval\s*\(|\bFunction\s*\(\s*["'`]/u.test(read(name)))).toEqual(
    [],
  );
});

test("nothing in the bundle needs Node", () => {
  const builtin =
    /(?:from|import|require)\s*\(?\s*["'`]node:|require\(["'`](?:fs|path|crypto|http|net|os|stream|util)["'`]\)/u;
  expect(scripts().filter((name) => builtin.test(read(name)))).toEqual([]);
});

test("nothing in the bundle is loaded from elsewhere", () => {
  const pages = readdirSync(EXTENSION_FOLDER).filter((name) => name.endsWith(".html"));
  expect(pages).toEqual(expect.arrayContaining(["console.html", "popup.html"]));
  for (const page of pages) expect(read(page)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
  expect(scripts().filter((name) => /\bimport\(\s*["'`]https?:/u.test(read(name)))).toEqual([]);
});

test("the background is at most 500 kB in one file", () => {
  const background = read("background.js");
  expect(background).not.toMatch(/\bimportScripts\(|^import /mu);
  expect(statSync(join(EXTENSION_FOLDER, "background.js")).size).toBeLessThanOrEqual(500_000);
});

test("the background has each fault's code and no fault's words", () => {
  const background = read("background.js");
  expect(Object.keys(ERRORS).filter((code) => !background.includes(code))).toEqual([]);
  const words = Object.values(ERRORS).flatMap((entry) => [entry.text({}), entry.next({})]);
  expect(words.filter((text) => background.includes(text))).toEqual([]);
  expect(scripts().some((name) => read(name).includes(ERRORS.owner_locked.next({})))).toBe(true);
});

test("what the popup loads before it is shown is at most 150 kB gzip", () => {
  expect(bundleSizes()["popup.html"]?.gzip).toBeLessThanOrEqual(150_000);
});

test("the script in the relay's sign-in page is small and in no other page", () => {
  expect(statSync(join(EXTENSION_FOLDER, "sign-in-page.js")).size).toBeLessThanOrEqual(10_000);
  expect(read("manifest.json")).not.toContain("sign-in-page");
});

test("the manifest asks for these permissions and no others", () => {
  const manifest: unknown = JSON.parse(read("manifest.json"));
  const rest = Object.fromEntries(Object.entries(Object(manifest)).filter(([member]) => !HARMLESS.has(member)));
  expect(rest).toEqual({
    manifest_version: 3,
    minimum_chrome_version: "116",
    default_locale: "en",
    background: { service_worker: "background.js" },
    permissions: ["storage", "alarms", "identity", "notifications", "scripting", "declarativeNetRequestWithHostAccess"],
    optional_host_permissions: ["https://*/*", "http://*/*"],
    content_security_policy: {
      extension_pages: "script-src 'self'; object-src 'none'; frame-ancestors 'none'",
    },
  });
});
