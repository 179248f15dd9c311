import { builtinModules } from "node:module";
import { expect, test } from "vitest";
import { LAYERS, layerOf, mayImport } from "./layers.ts";
import { importsOf, isTest, filesBelow, sources, type Import } from "./source-files.ts";

const WORKSPACE = /^(?:shared|relay|extension|tests)\//u;
const files = sources("shared/src", "relay/src", "relay/cli", "extension/src");
const imports = importsOf(files);
const inside = imports.filter(({ target }) => WORKSPACE.test(target) && !target.endsWith(".json"));
const show = ({ from, target }: Import): string => `${from} → ${target}`;
const seen = (folder: string): number => files.filter(({ path }) => path.startsWith(folder)).length;
const importers = (name: string): string[] => [
  ...new Set(imports.filter(({ target }) => target === name).map(({ from }) => from)),
];
const inUi = (path: string): boolean => path.startsWith("extension/src/ui/") || /\/ui\//u.test(path);
const isBuiltin = (name: string): boolean => name.startsWith("node:") || builtinModules.includes(name);
const below =
  (...areas: string[]) =>
  (path: string) =>
    areas.some((area) => path.startsWith(area));

test("it reads the whole workspace", () => {
  expect(seen("shared/src/")).toBeGreaterThanOrEqual(20);
  expect(seen("relay/src/")).toBeGreaterThanOrEqual(40);
  expect(seen("extension/src/")).toBeGreaterThanOrEqual(100);
  expect(seen("relay/cli/")).toBeGreaterThanOrEqual(15);
  expect(imports.length).toBeGreaterThanOrEqual(600);
  expect(inside.length).toBeGreaterThanOrEqual(300);
});

test("every file lies in an area of the table, and every area holds files", () => {
  expect(files.filter(({ path }) => layerOf(path) === null).map(({ path }) => path)).toEqual([]);
  const used = new Set(files.map(({ path }) => layerOf(path)?.area));
  // A feature may have only pages, or none.
  const needed = LAYERS.map(({ area }) => area).filter((area) => !area.includes("/features/"));
  expect(needed.filter((area) => !used.has(area))).toEqual([]);
});

test("imports go only where the table lets them", () => {
  expect(inside.filter(({ from, target }) => !mayImport(from, target)).map(show)).toEqual([]);
});

test("the table itself keeps extension, relay and shared apart and features to themselves", () => {
  const refused = [
    ["extension/src/tunnel/socket.ts", "relay/src/config.ts"],
    ["relay/src/tunnel/gateway.ts", "extension/src/db/rows.ts"],
    ["shared/src/persona/scope.ts", "relay/src/config.ts"],
    ["shared/src/persona/scope.ts", "extension/src/db/rows.ts"],
    ["extension/src/features/apps/service.ts", "extension/src/features/personas/service.ts"],
    ["extension/src/features/personas/ui/page.tsx", "extension/src/features/connect/ui/panel.tsx"],
    ["extension/src/features/apps/service.ts", "extension/src/apps/downstream.ts"],
    ["extension/src/features/apps/ui/page.tsx", "extension/src/vault/seal.ts"],
    ["extension/src/console/routes.tsx", "extension/src/apps/downstream.ts"],
    ["extension/src/popup/popup.tsx", "extension/src/vault/seal.ts"],
    ["relay/src/store/store.ts", "relay/src/http/render-error.ts"],
    ["relay/src/http/render-error.ts", "relay/src/mcp/endpoint.ts"],
    ["relay/cli/src/main.ts", "relay/src/store/store.ts"],
    ["relay/cli/src/main.ts", "extension/src/db/rows.ts"],
  ];
  expect(refused.filter(([from = "", target = ""]) => mayImport(from, target))).toEqual([]);
  expect(mayImport("relay/src/mcp/endpoint.ts", "relay/src/inbound/principal.ts")).toBe(true);
});

test("only db/ imports dexie, and its React hooks only ui/", () => {
  expect(importers("dexie").filter((path) => !path.startsWith("extension/src/db/"))).toEqual([]);
  expect(importers("dexie")).not.toEqual([]);
  expect(importers("dexie-react-hooks").filter((path) => !inUi(path))).toEqual([]);
});

test("only platform/ touches the browser's extension API", () => {
  const touches = /\b(?:browser|chrome)\.(?!css\b)[a-z]\w*\.|from "(?:wxt\/browser|webextension-polyfill)"/u;
  const outside = sources("extension/src").filter(
    ({ path, text }) => touches.test(withoutText(text)) && !path.startsWith("extension/src/platform/"),
  );
  expect(outside.map(({ path }) => path)).toEqual([]);
  expect(sources("extension/src/platform").some(({ text }) => touches.test(withoutText(text)))).toBe(true);
});

test("pages reach apps, vault, executor and tunnel by messages only", () => {
  const guarded = below(...["apps", "vault", "executor", "tunnel"].map((part) => `extension/src/${part}/`));
  const pages = below("extension/src/ui/", "extension/src/console/", "extension/src/popup/");
  expect(
    inside.filter(({ from, target }) => guarded(target) && (pages(from) || /\/ui\//u.test(from))).map(show),
  ).toEqual([]);
});

test("shared and extension use no Node builtin", () => {
  const guarded = below("shared/src/", "extension/src/");
  expect(imports.filter(({ from, target }) => guarded(from) && isBuiltin(target)).map(show)).toEqual([]);
});

test("only the relay's config names environment variables", () => {
  const named = sources("relay/src").filter(
    ({ path, text }) => path !== "relay/src/config.ts" && NAMED_VARIABLE.test(text),
  );
  expect(named.map(({ path }) => path)).toEqual([]);
  expect(NAMED_VARIABLE.test("process.env.PORT")).toBe(true);
  expect(NAMED_VARIABLE.test("readConfig(process.env)")).toBe(false);
});

test("nothing that runs imports what only tests use", () => {
  expect(inside.filter(({ target }) => isTest(target)).map(show)).toEqual([]);
});

test("tests beside the files import no other side's parts", () => {
  const tests = importsOf(filesBelow(["shared/src", "relay/src", "extension/src"], /\.test\.tsx?$/u));
  const crossing = tests.filter(({ from, target }) => {
    const [side] = from.split("/");
    return isTest(from) && WORKSPACE.test(target) && !target.startsWith(`${side}/`) && !target.startsWith("shared/");
  });
  expect(crossing.map(show)).toEqual([]);
});

const NAMED_VARIABLE = /process\.env\b(?!\))|from "node:process"/u;

/** Strings and comments may speak of browser.runtime. */
function withoutText(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gu, "");
}
