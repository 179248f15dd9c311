import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "wxt";
import { errorCodesOnly } from "./build/error-codes-only.ts";
import { PACKAGE_ALIASES, patchPackages } from "./build/patch-packages.ts";

/**
 * The public half of an RSA key that fixes the extension's id (imefpmhiongpjnfchfcjjpblogodgjmh), so that
 * redirect addresses and allow-lists stay valid. The private half was discarded; nothing is signed with it.
 */
const EXTENSION_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlskVAulZ5qb/1LUD+/Bhi+4+VPN+o599I+Xw8ySsgA6Fqk/a+uiQCiKr7MmKv0lRfG9cPuvLHeMZS0fRLGHSfLWj2YbIllIF4IgshKoocLoDjImwQrTdmvNy5+KJuIXmx26FItZtrrDfbX+qF8XULlguKkXfcVAJpdGsvzAS/WiQnIEDT9YAs8nUNwlGh+j/S9YJDchnMhdDWBZcICSbSYFJbNvbhyUfTp5nOFTydRg2dw8VWuYJP5gvUyg3zAovhOBZ+B++fFMQIaqaz0962MVuEMKQy8jE9Wr4q9CaVspIRLPegThEaTFycZUwS45eW8iPxB5UaUv2/lTg4IX1VwIDAQAB";

/**
 * The address of this extension's OAuth client metadata document, for apps whose authorization servers take one. Whoever
 * serves it decides where codes go, so it is fixed here and never that of a relay. Without one it registers.
 */
const CLIENT_DOCUMENT: string | null = null;

export default defineConfig({
  srcDir: "src",
  publicDir: "src/public",
  imports: false,
  modules: ["@wxt-dev/module-react", "@wxt-dev/i18n/module"],
  manifestVersion: 3,
  vite: () => ({
    define: { CLIENT_DOCUMENT: JSON.stringify(CLIENT_DOCUMENT) },
    plugins: [tailwindcss(), patchPackages()],
    resolve: { conditions: ["workerd", "browser", "module", "import", "default"], alias: PACKAGE_ALIASES },
    build: {
      rolldownOptions: {
        // Building a zod schema that nobody uses has no effect, which bundlers cannot know.
        treeshake: { propertyReadSideEffects: false, unknownGlobalSideEffects: false, manualPureFunctions: ["z"] },
      },
    },
  }),
  hooks: {
    "vite:build:extendConfig": (entrypoints, config) => {
      const plugins = (config.plugins ??= []);
      if (entrypoints.some(({ type }) => type === "background")) plugins.push(errorCodesOnly());
    },
  },
  manifest: {
    name: "Agent Personas",
    description:
      "Bundle tools of your apps into personas that AI clients reach at one address; your browser does the calls.",
    default_locale: "en",
    minimum_chrome_version: "116",
    key: EXTENSION_KEY,
    permissions: ["storage", "alarms", "identity", "notifications", "scripting", "declarativeNetRequestWithHostAccess"],
    optional_host_permissions: ["https://*/*", "http://*/*"],
    content_security_policy: {
      extension_pages: "script-src 'self'; object-src 'none'; frame-ancestors 'none'",
    },
    icons: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png", 128: "icon/128.png" },
    action: {
      default_title: "Agent Personas",
      default_icon: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png" },
    },
    options_ui: { page: "console.html", open_in_tab: true },
  },
});
