import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

type Patch = { file: RegExp; find: string; replacement: string };

/**
 * Changes packages while bundling, text by text; a package that no longer holds a text fails the build.
 *
 * Extension pages forbid compiling code, and a bundle that holds neither `eval` nor `Function` needs no trust:
 * zod compiles its parsers with `Function`, and engine.io looks for the global object with it.
 * The rest is never used by the extension, but bundlers cannot know.
 */
export function patchPackages(): Plugin {
  return {
    name: "agent-personas:patch-packages",
    enforce: "pre",
    transform(code, id) {
      if (UNUSED_MODULE.test(id)) return { code: hollow(code), map: null };
      const patches = PATCHES.filter(({ file }) => file.test(id));
      if (patches.length === 0) return null;
      const patched = patches.reduce((text, { find, replacement }) => {
        if (!text.includes(find)) this.error(`${id} no longer holds: ${find}`);
        return text.replaceAll(find, replacement);
      }, code);
      return { code: patched, map: null };
    },
  };
}

/** Zod's converters to JSON Schema, which its schemas carry along whether or not anything is ever converted. */
const UNUSED_MODULE = /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/u;

/** The same exports, each a function that makes a function that throws. */
function hollow(code: string): string {
  const names = [...code.matchAll(/^export (?:function|const) (\w+)/gmu)].map(([, name]) => name);
  const renamed = [...code.matchAll(/^export \{ \w+ as (\w+) \};/gmu)].map(([, name]) => name);
  const exported = [...names, ...renamed].map((name) => `unavailable as ${name}`);
  return `const unavailable = () => () => { ${UNAVAILABLE} };\nexport { ${exported.join(", ")} };`;
}

const UNAVAILABLE = "throw new Error('Not available in this build.');";

const PATCHES: readonly Patch[] = [
  {
    file: /\/zod\/v4\/core\/util\.js$/u,
    find: 'const F = Function;\n        new F("");',
    replacement: "return false;",
  },
  { file: /\/zod\/v4\/core\/doc\.js$/u, find: "const F = Function;", replacement: UNAVAILABLE + "const F = Object;" },
  { file: /\/engine\.io-client\/.*\/globals\.js$/u, find: 'Function("return this")()', replacement: "globalThis" },
  // A worker has no XMLHttpRequest, and the tunnel asks for nothing but websocket.
  {
    file: /\/engine\.io-client\/.*\/transports\/index\.js$/u,
    find: "webtransport: WT,\n    polling: XHR,",
    replacement: "",
  },
  // Tables of validators for callers of the SDK that check messages themselves; its client uses this one of them.
  {
    file: /\/@modelcontextprotocol\/client\/dist\/src-[\w-]+\.mjs$/u,
    find: "for (const key of SPEC_SCHEMA_KEYS) register(key, schemas_exports[key]);",
    replacement: 'register("ImplementationSchema", ImplementationSchema);',
  },
  {
    file: /\/@modelcontextprotocol\/client\/dist\/src-[\w-]+\.mjs$/u,
    find: "for (const [key, schema] of Object.entries(authSchemas)) register(key, schema);",
    replacement: "",
  },
  // Ways to authenticate that it does not offer; a lazy import would bring the whole of jose into the one file.
  {
    file: /\/@modelcontextprotocol\/client\/dist\/index\.mjs$/u,
    find: 'const jose = await import("jose");',
    replacement: UNAVAILABLE,
  },
  {
    file: /\/@modelcontextprotocol\/client\/dist\/index\.mjs$/u,
    find: 'return import("jose");',
    replacement: UNAVAILABLE,
  },
  // Its own sign-in: the extension signs in by src/apps/oauth and gives no transport a provider.
  {
    file: /\/@modelcontextprotocol\/client\/dist\/index\.mjs$/u,
    find: "c as adaptOAuthProvider, d as auth, ",
    replacement: "",
  },
  {
    file: /\/@modelcontextprotocol\/client\/dist\/index\.mjs$/u,
    find: "//#region src/client/sse.ts",
    replacement: `const auth = () => { ${UNAVAILABLE} };\nconst adaptOAuthProvider = auth;`,
  },
  // A builder for servers that ask their callers.
  {
    file: /\/@modelcontextprotocol\/client\/dist\/src-[\w-]+\.mjs$/u,
    find: "params: normalizeElicitInputParams(params)",
    replacement: "params",
  },
];

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Modules that stand in for others; the build of Dexie for today's browsers instead of the one for all. */
export const PACKAGE_ALIASES = [
  { find: /^@modelcontextprotocol\/client\/_shims$/u, replacement: pathOf("./mcp-shims.ts") },
  { find: /^dexie$/u, replacement: pathOf("../node_modules/dexie/dist/modern/dexie.mjs") },
];
