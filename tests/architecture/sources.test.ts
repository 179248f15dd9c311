import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { withoutComments } from "./read-imports.ts";
import { filesBelow, type SourceFile } from "./source-files.ts";

const files = filesBelow(["shared", "relay", "extension", "tests"], /\.(?:ts|tsx|mjs)$/u);
const paths = (found: readonly SourceFile[]): string[] => found.map(({ path }) => path);
/** This file names what it forbids. */
const others = files.filter(({ path }) => path !== "tests/architecture/sources.test.ts");

test("no file is longer than 400 lines, and the usual one is short", () => {
  const lengths = files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
  expect(lengths.length).toBeGreaterThanOrEqual(250);
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
});

test("names are kebab-case", () => {
  const odd = /\/[^/]*[A-Z_][^/]*\.(?:ts|tsx|mjs)$/u;
  expect(paths(files).filter((path) => odd.test(path))).toEqual([]);
});

test("nothing goes round the type checker or the linter without a reason", () => {
  const switches = /@ts-(?:ignore|nocheck)/u;
  expect(paths(others.filter(({ text }) => switches.test(text)))).toEqual([]);
  const code = /\bas any\b|\bas unknown as\b|\btest\.(?:skip|only|todo)\b/u;
  expect(paths(others.filter(({ text }) => code.test(withoutComments(text))))).toEqual([]);
  const unexplained = /(?:ox|es)lint-disable(?:-next-line|-line)?(?![^\n]*--[ ]\S)|@ts-expect-error(?![ ]\S)/u;
  expect(paths(others.filter(({ text }) => unexplained.test(text)))).toEqual([]);
});

test("the rules that hold the shape cannot be switched off", () => {
  const guarded = ["import/no-cycle", "max-lines", "typescript/no-explicit-any", "typescript/no-floating-promises"];
  const switchedOff = others.filter(({ text }) =>
    guarded.some((rule) => new RegExp(`(?:ox|es)lint-disable[^\\n]*${rule.replaceAll("/", "\\/")}`, "u").test(text)),
  );
  expect(paths(switchedOff)).toEqual([]);
  const config = readFileSync(join(ROOT, ".oxlintrc.json"), "utf8");
  const rules = config.slice(config.indexOf('"rules"'), config.indexOf('"overrides"'));
  for (const rule of guarded) expect(rules).toMatch(new RegExp(`"${rule}": (?:\\[\\s*)?"error"`, "u"));
  for (const rule of guarded) expect(config.slice(config.indexOf('"overrides"'))).not.toContain(rule);
});

test("nothing is left for later", () => {
  const later = /\b(?:TODO|FIXME|XXX|HACK)\b|[Cc]oming soon|not implemented yet/u;
  expect(paths(others.filter(({ text }) => later.test(text)))).toEqual([]);
});
