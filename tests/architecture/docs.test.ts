import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { filesBelow, sources } from "./source-files.ts";

const TOP = ["README.md", "AGENTS.md", "SECURITY.md", "REVIEW.md"];
const docs = filesBelow([...TOP, "docs", "shared", "relay", "extension", "tests"], /\.md$/u);
const QUOTED = /`((?:shared|relay|extension|tests|docs)\/[^\s`]*)`/gu;

test("every path that docs name exists", () => {
  const named = docs.flatMap(({ path, text }) =>
    [...text.matchAll(QUOTED)].flatMap(([, quoted = ""]) => expand(quoted).map((target) => ({ path, target }))),
  );
  expect(named.length).toBeGreaterThanOrEqual(20);
  expect(named.filter(({ target }) => !existsSync(join(ROOT, target)))).toEqual([]);
});

test("every folder with sources says in at most ten lines what it is for", () => {
  const readmes = new Map(
    docs
      .filter(({ path }) => path.endsWith("/README.md"))
      .map(({ path, text }) => [path.replace(/\/README\.md$/u, ""), text]),
  );
  const folders = new Set(
    sources("relay/src", "extension/src", "relay/cli", "tests")
      .map(({ path }) => path.split("/").slice(0, -1).join("/"))
      .filter((folder) => /^(?:relay\/src\/|extension\/src\/|relay\/cli\/|tests\/)[a-z-]+$/u.test(folder)),
  );
  expect([...folders].filter((folder) => !readmes.has(folder))).toEqual([]);
  const long = [...readmes].filter(([, text]) => text.trimEnd().split("\n").length > 10);
  expect(long.map(([folder]) => folder)).toEqual([]);
  expect(folders.size).toBeGreaterThanOrEqual(20);
});

test("AGENTS.md stays a map", () => {
  const map = docs.find(({ path }) => path === "AGENTS.md");
  expect(map?.text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
});

/** `a/{b,c}.ts` names two paths; what holds a wildcard or a variable names its folder. */
function expand(quoted: string): string[] {
  const braces = /^(.*)\{([^}]+)\}(.*)$/u.exec(quoted);
  if (braces !== null) return (braces[2] ?? "").split(",").flatMap((part) => expand(`${braces[1]}${part}${braces[3]}`));
  const variable = /[*<…]/u.exec(quoted);
  const path = variable === null ? quoted : quoted.slice(0, quoted.lastIndexOf("/", variable.index));
  return [path.replace(/(?::\d+|#.*)$/u, "")];
}
