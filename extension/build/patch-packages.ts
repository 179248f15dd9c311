import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** `find` must be in each of the files, or the build fails. */
type Patch = { file: RegExp; find: string | RegExp; replacement: string };

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
      if (ONLY_SCHEMAS.test(id)) return { code: withoutEffects(code), map: null };
      const patches = PATCHES.filter(({ file }) => file.test(id));
      if (patches.length === 0) return null;
      const patched = patches.reduce((text, { find, replacement }) => {
        const result = text.replaceAll(find, () => replacement);
        if (result === text) this.error(`${id} no longer holds: ${String(find)}`);
        return result;
      }, code);
      return { code: patched, map: null };
    },
  };
}

/**
 * Zod's converters to JSON Schema, which its schemas carry along whether or not anything is ever converted; and
 * engine.io's polling: a worker has no XMLHttpRequest, and the tunnel asks for nothing but websocket.
 */
const UNUSED_MODULE =
  /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$|\/engine\.io-client\/.*\/polling-[\w.-]+\.js$/u;

/** The same exports, each a function that makes a function that throws. */
function hollow(code: string): string {
  const names = [...code.matchAll(/^export (?:function|const|class) (\w+)/gmu)].map(([, name]) => name);
  const renamed = [...code.matchAll(/^export \{ \w+ as (\w+) \};/gmu)].map(([, name]) => name);
  const exported = [...names, ...renamed].map((name) => `unavailable as ${name}`);
  return `const unavailable = () => () => { ${UNAVAILABLE} };\nexport { ${exported.join(", ")} };`;
}

/** Modules of nothing but schemas, many made from another by a method, which bundlers take for an effect. */
const ONLY_SCHEMAS = /\/@modelcontextprotocol\/core\/dist\/(?:schemas|auth)-[\w-]+\.mjs$/u;

/** Each schema as the result of a function that may be left out together with it. */
function withoutEffects(code: string): string {
  return code.replaceAll(
    /^const (\w+Schema) = ([^]*?);\n(?![\t})\]])/gmu,
    "const $1 = /* @__PURE__ */ (() => $2)();\n",
  );
}

const UNAVAILABLE = "throw Error('Left out of this build.');";

const ZOD = /\/zod\/v4\/classic\/schemas\.js$/u;
const DEXIE = /\/dexie\/dist\/modern\/dexie\.mjs$/u;
const ENGINE = /\/engine\.io-client\/.*\/globals\.js$/u;
const ENGINE_TRANSPORTS = /\/engine\.io-client\/.*\/transports\/index\.js$/u;
const MCP = /\/@modelcontextprotocol\/client\/dist\/index\.mjs$/u;
const MCP_CLIENT = /\/@modelcontextprotocol\/client\/dist\/public-[\w-]+\.mjs$/u;
const MCP_CORE = /\/@modelcontextprotocol\/client\/dist\/src-[\w-]+\.mjs$/u;

const PATCHES: readonly Patch[] = [
  // An extension's page compiles no code, so the parser that does is never chosen.
  { file: ZOD, find: "core.$ZodObjectJIT.init(inst, def)", replacement: "core.$ZodObject.init(inst, def)" },
  // What every schema and every string carries: `z.email()` and its like have replaced `z.string().email()`.
  {
    file: ZOD,
    find: /return this\.check\(core\._(?!url\b)\w+\(Zod\w+, params\)\);/gu,
    replacement: UNAVAILABLE,
  },
  { file: ZOD, find: "return intersection(this, arg);", replacement: UNAVAILABLE },
  // `openDatabase` turns it off.
  { file: DEXIE, find: "this.use(cacheMiddleware);", replacement: "" },
  // JSON holds no cycles.
  { file: ZOD, find: "core.config({ memoizer: core.memoizer() });", replacement: ";" },
  { file: ENGINE, find: 'Function("return this")()', replacement: "globalThis" },
  { file: ENGINE_TRANSPORTS, find: "webtransport: WT,\n    polling: XHR,", replacement: "" },
  // Tables of validators for callers of the SDK that check messages themselves; its client uses this one of them.
  {
    file: MCP_CORE,
    find: "for (const key of SPEC_SCHEMA_KEYS) register(key, schemas_exports[key]);",
    replacement: 'register("ImplementationSchema", ImplementationSchema);',
  },
  {
    file: MCP_CORE,
    find: "for (const [key, schema] of Object.entries(authSchemas)) register(key, schema);",
    replacement: "",
  },
  // A builder for servers that ask their callers.
  { file: MCP_CORE, find: "params: normalizeElicitInputParams(params)", replacement: "params" },
  // Its two sets of schemas of each message of each revision. We pass messages on as they came
  // (src/apps/tapping-transport.ts); only the answers that settle the revision are judged, the rest by its base kinds.
  ...(
    [
      ["registryMaps().requestSchemas[method]", "RequestSchema"],
      ["registryMaps().notificationSchemas[method]", "NotificationSchema"],
      ["registryMaps().resultSchemas[method]", '(method === "initialize" ? InitializeResultSchema : ResultSchema)'],
      ["hasTools ? s.CreateMessageResultWithToolsSchema : s.CreateMessageResultSchema", "ResultSchema"],
      ["const s = buildSchemas2025();\n\t\treturn", "return"],
      ["buildSchemas2026().dispatchRequestSchemas[method]", "RequestSchema"],
      ["buildSchemas2026().notificationSchemas2026[method]", "NotificationSchema"],
      [
        "buildSchemas2026().dispatchResultSchemas[method]",
        '(method === "server/discover" ? DiscoverResultSchema : ResultSchema)',
      ],
      ["const wireResultSchemas = getWireResultSchemas();", "const wireResultSchemas = {};"],
      ["inputSchemaMaps().request[method]", "RequestSchema"],
      ["inputSchemaMaps().response[method]", "ResultSchema"],
      ["buildSchemas2026().RequestMetaEnvelopeSchema", "RequestMetaSchema"],
      ["buildSchemas2026().ResultMetaSchema", "ResultMetaObjectSchema"],
    ] as const
  ).map(([find, replacement]) => ({ file: MCP_CORE, find, replacement })),
  // With those schemas goes the certainty that a cancellation names something.
  {
    file: MCP_CORE,
    find: "if (notification.params.requestId === void 0) return;",
    replacement: "if (notification.params?.requestId === void 0) return;",
  },
  // Lists, resources and changes as the SDK offers them to programs; ours are requests (src/apps/open-session.ts).
  ...[
    "listTools",
    "listPrompts",
    "listResources",
    "listResourceTemplates",
    "_readResource",
    "_walkPages",
    "_setupListChangedHandlers",
    "_setupListChangedHandler",
    "_connectFromPrior",
  ].map((name) => withoutMethod(MCP_CLIENT, name)),
  withoutMethod(MCP, "finishAuth"),
  // Ways to authenticate that it does not offer; a lazy import would bring the whole of jose into the one file.
  { file: MCP, find: 'const jose = await import("jose");', replacement: UNAVAILABLE },
  { file: MCP, find: 'return import("jose");', replacement: UNAVAILABLE },
  // Its own sign-in: the extension signs in by src/apps/oauth and gives no transport a provider.
  {
    file: MCP,
    find: "c as adaptOAuthProvider, d as auth, ",
    replacement: "",
  },
  { file: MCP, find: "k as resolveAuthorizationCallbackParams, ", replacement: "" },
  {
    file: MCP,
    find: "//#region src/client/sse.ts",
    replacement: `const auth = () => { ${UNAVAILABLE} };
const adaptOAuthProvider = auth, resolveAuthorizationCallbackParams = auth;`,
  },
];

/** A method of a class in a file that throws instead. */
function withoutMethod(file: RegExp, name: string): Patch {
  const find = new RegExp(`^\\t(async )?${name}\\(.*\\) \\{\\n(?:\\t\\t.*\\n|\\n)*\\t\\}$`, "gmu");
  return { file, find, replacement: `\t${name}() { ${UNAVAILABLE} }` };
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Modules that stand in for others; the build of Dexie for today's browsers instead of the one for all. */
export const PACKAGE_ALIASES = [
  { find: /^@modelcontextprotocol\/client\/_shims$/u, replacement: pathOf("./mcp-shims.ts") },
  { find: /^dexie$/u, replacement: pathOf("../node_modules/dexie/dist/modern/dexie.mjs") },
];
