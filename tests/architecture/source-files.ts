import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { readImports } from "./read-imports.ts";

/** Paths are relative to the workspace, with forward slashes. */
export type SourceFile = { path: string; text: string };
/** `target` is a path of the workspace, or the name of a package from outside. */
export type Import = { from: string; target: string; typeOnly: boolean };

const SKIPPED = new Set(["node_modules", ".output", ".wxt", "artefacts", "clients", "generated"]);
const PACKAGE = /^@agent-personas\/(shared|relay|extension)\/(.+)$/u;

/** Files below `folders` whose name matches, sorted by path. */
export function filesBelow(folders: readonly string[], name: RegExp): SourceFile[] {
  const paths = folders.flatMap((folder) => walk(folder)).filter((path) => name.test(path));
  return paths.toSorted().map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** Program sources: no tests. */
export function sources(...folders: string[]): SourceFile[] {
  return filesBelow(folders, /\.(?:ts|tsx|mjs)$/u).filter(({ path }) => !isTest(path));
}

/** Tests, and what only tests use. */
export const isTest = (path: string): boolean => /\.test\.tsx?$|\/test-support\//u.test(path);

export function importsOf(files: readonly SourceFile[]): Import[] {
  return files.flatMap(({ path, text }) =>
    readImports(text).map(({ specifier, typeOnly }) => ({ from: path, target: resolve(path, specifier), typeOnly })),
  );
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.normalize(posix.join(dirname(from), specifier));
  const own = PACKAGE.exec(specifier);
  if (own !== null) return `${own[1]}/src/${own[2]}.ts`;
  const alias = /^(?:@|~)\/(.+)$/u.exec(specifier);
  if (alias !== null) return `extension/src/${alias[1]}`;
  return specifier;
}

function walk(path: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(ROOT, path), { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [path];
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return entries
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const below = posix.join(path, entry.name);
      return entry.isDirectory() ? walk(below) : entry.isFile() ? [below] : [];
    });
}
