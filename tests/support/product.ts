import type { Network } from "@agent-personas/relay/http/outbound/pinned-request";
import { createdKeySchema, type CreateKey } from "@agent-personas/shared/api/personas";
import { endpointUrl, keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { scopeSchema, SCOPES } from "@agent-personas/shared/persona/scope";
import { z } from "zod";
import { openBrowser, type ExtensionBrowser } from "./browser.ts";
import type { Endpoint } from "./clients.ts";
import { startTestRelay, type TestRelay } from "./relay.ts";

/** A paired browser and its relay. Everything is set up by the commands that the extension's pages send. */
export type Product = { relay: TestRelay; browser: ExtensionBrowser } & AsyncDisposable;

export type Deployed = {
  personaId: string;
  slug: string;
  endpoint: string;
  keyEndpoint: string;
  /** Exposed names by the app's own names. */
  names: ReadonlyMap<string, string>;
};

/** The extension wherever it runs: it takes the commands of its pages. */
export type Commands = Pick<ExtensionBrowser, "command" | "rows">;

export type App = { appId: string; connectionId: string };

const probeSchema = z.object({ appId: z.string(), connectionId: z.string(), credential: z.string() });
const toolSchema = z.object({ connectionId: z.string(), name: z.string(), riskClass: scopeSchema });
const savedSchema = z.object({ personaId: z.string(), slug: z.string() });
const personaSchema = z.object({
  personaId: z.string(),
  accepted: z.object({ tools: z.array(z.object({ originalName: z.string(), exposedName: z.string() })) }),
});

/** `onListening` hears the relay's own port, for a proxy that stands at `publicUrl`. */
export async function startProduct(
  options: {
    publicUrl?: string;
    env?: Record<string, string>;
    now?: () => number;
    network?: Network;
    onListening?: (port: number) => void;
  } = {},
): Promise<Product> {
  const { onListening, ...relayOptions } = options;
  const relay = await startTestRelay(relayOptions);
  onListening?.(relay.port);
  const browser = await openBrowser();
  await browser.allow("http://localhost/*", "http://127.0.0.1/*");
  await pair(browser, relay);
  return {
    relay,
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await relay[Symbol.asyncDispose]();
    },
  };
}

/** Pairs with a fresh relay and waits for the tunnel. */
export async function pair(browser: Commands, relay: TestRelay): Promise<void> {
  const code = relay.setupCode;
  if (code === null) throw new Error("The relay is not fresh.");
  await browser.command("relay.pair", { relayUrl: relay.url, code, deviceName: "Test browser", personName: "Ada" });
  await waitFor("the tunnel", async () => {
    const state = z.object({ tunnel: z.string() }).parse(await browser.command("status.get", {}));
    return state.tunnel === "online";
  });
}

/** Adds the app and connects it; for OAuth the browser must have a session that consents at once. */
export async function connectApp(browser: Commands, url: string, name: string): Promise<App> {
  const app = probeSchema.parse(await browser.command("apps.add", { url, name }));
  await browser.command("apps.connect", { connectionId: app.connectionId });
  return app;
}

/** Deploys a persona with all tools of an app, each of them allowed. */
export async function deploy(
  browser: Commands,
  relay: Pick<TestRelay, "url">,
  app: App,
  options: {
    name?: string;
    prefix?: string;
    prefixing?: boolean;
    only?: readonly string[];
    interactive?: boolean;
    /** Resources and prompts; none unless said. */
    offers?: { resources?: "all"; prompts?: "all" };
    lossless?: boolean;
    accessKeys?: boolean;
    /** Its one app then takes the headers that callers send. */
    passthrough?: Passthrough;
    recipes?: readonly Recipe[];
    /** The app's own names of the tools that are listed; all others are searched for. */
    favourites?: readonly string[];
  } = {},
): Promise<Deployed> {
  const slotId = createId("slot");
  const tools = z
    .array(toolSchema)
    .parse(await browser.rows("tools"))
    .filter((tool) => tool.connectionId === app.connectionId && (options.only?.includes(tool.name) ?? true));
  const draft = {
    personaId: null,
    baseVersion: null,
    name: options.name ?? "Test persona",
    description: "",
    inbound: {
      accessKeys: options.accessKeys ?? true,
      interactive: options.interactive ?? false,
      ...(options.passthrough !== undefined && { passthrough: options.passthrough }),
    },
    prefixing: options.prefixing ?? true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [
      {
        slotId,
        ...pick(app),
        prefix: options.prefix ?? "Test",
        ...(options.passthrough !== undefined && { usesForwardedHeaders: true }),
        ...options.offers,
      },
    ],
    ...(options.lossless === true && { lossless: true }),
    ...(options.recipes !== undefined && { recipes: options.recipes }),
    ...(options.favourites !== undefined && {
      search: { favourites: options.favourites.map((originalName) => ({ slotId, originalName })) },
    }),
    tools: tools.map(({ name, riskClass }) => ({
      slotId,
      originalName: name,
      riskClass,
      policy: "allow",
      overrides: {},
    })),
  };
  const { personaId, slug } = savedSchema.parse(await browser.command("personas.save", { draft }));
  const persona = z
    .array(personaSchema)
    .parse(await browser.rows("personas"))
    .find((row) => row.personaId === personaId);
  return {
    personaId,
    slug,
    endpoint: endpointUrl(relay.url, slug),
    keyEndpoint: keyEndpointUrl(relay.url, slug),
    names: new Map(persona?.accepted.tools.map((tool) => [tool.originalName, tool.exposedName])),
  };
}

const pick = ({ appId, connectionId }: App): App => ({ appId, connectionId });

export async function createKey(
  browser: Commands,
  personaId: string,
  key: Partial<CreateKey> = {},
): Promise<{ keyId: string; secret: string }> {
  const input = { name: "Test key", expires: "never", scopes: [...SCOPES], tools: null, deviceId: null, ...key };
  const created = createdKeySchema.parse(await browser.command("keys.create", { personaId, key: input }));
  return { keyId: created.key.keyId, secret: created.secret };
}

/** The persona's key endpoint with a key of its own. */
export async function keyFor(browser: Commands, persona: Deployed, key?: Partial<CreateKey>): Promise<Endpoint> {
  return { url: persona.keyEndpoint, accessKey: (await createKey(browser, persona.personaId, key)).secret };
}

/** Asks every 100 ms until it holds. */
export async function waitFor(what: string, holds: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
