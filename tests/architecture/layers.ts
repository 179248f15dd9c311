/**
 * Who may import whom inside the workspace. `area` is a path prefix; the first that fits a file is its area.
 * What an area may always import: itself and `shared`.
 */
export type Layer = { area: string; may: readonly string[] };

const RELAY_BASE = ["relay/src/deps.ts", "relay/src/config.ts", "relay/src/start-error.ts"];
const SIGN_IN_TYPES = ["relay/src/oauth/interactions.ts", "relay/src/oauth/pages/plain-text.ts"];
const EXTENSION_BASE = ["extension/src/lib/", "extension/src/platform/"];
const FEATURES = [
  "personas",
  "apps",
  "access-keys",
  "ai-clients",
  "sign-in",
  "connect",
  "onboarding",
  "settings",
  "limits",
  "passthrough",
];

export const LAYERS: readonly Layer[] = [
  { area: "shared/src/", may: [] },

  { area: "relay/src/server.ts", may: ["relay/src/"] },
  { area: "relay/src/start-relay.ts", may: ["relay/src/"] },
  { area: "relay/src/app.ts", may: ["relay/src/"] },
  { area: "relay/src/config.ts", may: ["relay/src/oauth/redirect-uri.ts", "relay/src/observe/tracing-settings.ts"] },
  { area: "relay/src/ready-text.ts", may: ["relay/src/start-relay.ts"] },
  { area: "relay/src/start-error.ts", may: [] },
  // Names the types that the parts share; nothing of it runs.
  { area: "relay/src/deps.ts", may: ["relay/src/config.ts", "relay/src/inbound/", "relay/src/store/"] },
  // What each notice of a sign-in reads like.
  { area: "relay/src/texts/", may: ["relay/src/sign-in/progress.ts"] },
  { area: "relay/src/http/", may: [...RELAY_BASE, "relay/src/texts/"] },
  { area: "relay/src/inbound/", may: [...RELAY_BASE, "relay/src/store/", "relay/src/http/", "relay/src/texts/"] },
  {
    area: "relay/src/mcp/",
    may: [
      ...RELAY_BASE,
      "relay/src/inbound/",
      "relay/src/tunnel/",
      "relay/src/personas/",
      "relay/src/store/",
      "relay/src/http/",
    ],
  },
  { area: "relay/src/tunnel/", may: [...RELAY_BASE, "relay/src/store/", "relay/src/bus/"] },
  { area: "relay/src/limits/", may: [...RELAY_BASE, "relay/src/store/", "relay/src/http/address-block.ts"] },
  { area: "relay/src/personas/", may: [...RELAY_BASE, "relay/src/store/"] },
  { area: "relay/src/devices/", may: [...RELAY_BASE, "relay/src/store/"] },
  {
    area: "relay/src/oauth/pages/",
    may: [
      ...RELAY_BASE,
      ...["oauth", "sign-in", "store", "http", "texts"].map((part) => `relay/src/${part}/`),
      "relay/src/api/limits.ts",
    ],
  },
  {
    area: "relay/src/oauth/",
    may: [
      ...RELAY_BASE,
      "relay/src/store/",
      "relay/src/http/",
      "relay/src/texts/",
      "relay/src/inbound/invalid-token.ts",
      "relay/src/inbound/tool-refs.ts",
    ],
  },
  {
    area: "relay/src/sign-in/",
    may: [...RELAY_BASE, "relay/src/store/", "relay/src/inbound/", "relay/src/http/address-block.ts", ...SIGN_IN_TYPES],
  },
  { area: "relay/src/audit/", may: [...RELAY_BASE, "relay/src/store/"] },
  {
    area: "relay/src/api/",
    may: [
      ...RELAY_BASE,
      "relay/src/store/",
      "relay/src/http/",
      "relay/src/devices/",
      "relay/src/personas/",
      "relay/src/inbound/",
      "relay/src/audit/",
      "relay/src/limits/",
      "relay/src/mcp/",
      "relay/src/sign-in/",
      "relay/src/oauth/pages/plain-text.ts",
    ],
  },
  // Wraps parts of the others where they are composed.
  {
    area: "relay/src/observe/",
    may: [...RELAY_BASE, "relay/src/store/", "relay/src/http/", "relay/src/oauth/interactions.ts"],
  },
  { area: "relay/src/bus/", may: [...RELAY_BASE] },
  { area: "relay/src/store/", may: ["relay/src/start-error.ts"] },

  { area: "extension/src/lib/", may: ["extension/src/platform/"] },
  { area: "extension/src/platform/", may: [] },
  { area: "extension/src/db/", may: [] },
  { area: "extension/src/messages/", may: [...EXTENSION_BASE, "extension/src/db/"] },
  { area: "extension/src/ui/", may: [...EXTENSION_BASE, "extension/src/db/", "extension/src/messages/"] },
  { area: "extension/src/vault/", may: [...EXTENSION_BASE, "extension/src/db/"] },
  { area: "extension/src/apps/", may: [...EXTENSION_BASE, "extension/src/db/", "extension/src/vault/"] },
  { area: "extension/src/executor/", may: [...EXTENSION_BASE, "extension/src/db/", "extension/src/apps/"] },
  { area: "extension/src/tunnel/", may: [...EXTENSION_BASE, "extension/src/db/"] },
  ...FEATURES.flatMap((feature) => [
    {
      area: `extension/src/features/${feature}/ui/`,
      may: [
        ...EXTENSION_BASE,
        `extension/src/features/${feature}/`,
        "extension/src/db/",
        "extension/src/messages/",
        "extension/src/ui/",
      ],
    },
    {
      area: `extension/src/features/${feature}/`,
      may: [...EXTENSION_BASE, "extension/src/db/", "extension/src/messages/", "extension/src/ui/"],
    },
  ]),
  {
    area: "extension/src/background/",
    may: [
      ...EXTENSION_BASE,
      ...["db", "messages", "vault", "apps", "executor", "tunnel", "features"].map((part) => `extension/src/${part}/`),
      // Notifications lead to places of the console.
      "extension/src/ui/route.ts",
    ],
  },
  ...["console", "popup"].map((shell) => ({
    area: `extension/src/${shell}/`,
    may: [...EXTENSION_BASE, ...["db", "messages", "ui", "features"].map((part) => `extension/src/${part}/`)],
  })),
  { area: "extension/src/entrypoints/", may: ["extension/src/"] },

  { area: "relay/cli/bootstrap/", may: [] },
  {
    area: "relay/cli/src/",
    may: [
      "relay/cli/bootstrap/",
      ...["config", "ready-text", "start-relay", "start-error"].map((entry) => `relay/src/${entry}.ts`),
    ],
  },
];

export const layerOf = (path: string): Layer | null => LAYERS.find(({ area }) => path.startsWith(area)) ?? null;

/** Whether a file of the workspace may import another. */
export function mayImport(from: string, target: string): boolean {
  const layer = layerOf(from);
  if (layer === null) return false;
  return [layer.area, "shared/src/", ...layer.may].some((area) => target.startsWith(area));
}
