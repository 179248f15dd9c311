import { expect, test } from "vitest";
import { readImports } from "./read-imports.ts";

const specifiers = (source: string) => readImports(source).map(({ specifier }) => specifier);

test("finds every form of import", () => {
  const source = `
import a from "./a.ts";
import { b, type B } from './b.ts';
import * as c from "./c.ts";
import d, { e } from "./d.ts";
import {
  f,
  g,
} from "./f.ts";
import "./side-effect.css";
export { h } from "./h.ts";
export * from "./i.ts";
const j = await import("./j.ts");
`;
  expect(specifiers(source)).toEqual([
    "./a.ts",
    "./b.ts",
    "./c.ts",
    "./d.ts",
    "./f.ts",
    "./h.ts",
    "./i.ts",
    "./side-effect.css",
    "./j.ts",
  ]);
});

test("tells imports of types only", () => {
  const source = `import type { A } from "./a.ts";\nimport { type B, c } from "./b.ts";\nexport type { D } from "./d.ts";`;
  expect(readImports(source)).toEqual([
    { specifier: "./a.ts", typeOnly: true },
    { specifier: "./b.ts", typeOnly: false },
    { specifier: "./d.ts", typeOnly: true },
  ]);
});

test("is not deceived by comments, strings and addresses", () => {
  const source = `
// import { a } from "./comment.ts";
/* import "./block.ts"; */
const url = "https://example.com/x"; import("./real.ts");
const from = "it came from 'nowhere'";
`;
  expect(specifiers(source)).toEqual(["./real.ts"]);
});
