import type { Plugin } from "vite";

/**
 * Zod can compile its parsers with `Function`, and engine.io looks for the global object with it. Extension pages
 * forbid both, and a bundle that holds neither needs no trust; so both are taken out while building.
 */
export function withoutEval(): Plugin {
  return {
    name: "agent-personas:without-eval",
    enforce: "pre",
    transform(code, id) {
      const patches = PATCHES.filter((patch) => patch.file.test(id));
      if (patches.length === 0) return null;
      const patched = patches.reduce((text, { find, replacement }) => {
        if (!text.includes(find)) this.error(`${id} no longer holds: ${find}`);
        return text.replaceAll(find, replacement);
      }, code);
      return { code: patched, map: null };
    },
  };
}

const PATCHES = [
  { file: /\/zod\/v4\/core\/util\.js$/u, find: "const F = Function;", replacement: "return false;" },
  {
    file: /\/zod\/v4\/core\/util\.js$/u,
    find: 'new F("");',
    replacement: "",
  },
  {
    file: /\/zod\/v4\/core\/doc\.js$/u,
    find: "const F = Function;",
    replacement: 'const F = class { constructor() { throw new Error("Compiled parsers are not available."); } };',
  },
  {
    file: /\/engine\.io-client\/.*\/globals\.js$/u,
    find: 'Function("return this")()',
    replacement: "globalThis",
  },
];
