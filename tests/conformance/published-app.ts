import { startConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { startHeaderForwarder } from "../support/header-forwarder.ts";
import { startNodeProduct } from "../support/node-product.ts";
import { connectApp, deploy, keyFor, startProduct, type Commands } from "../support/product.ts";
import type { TestRelay } from "../support/relay.ts";
import { SUITES, type Suite } from "./suites.ts";

/** Where the extension runs. */
export type Home = "node" | "browser";

export type PublishedApps = { urlFor: (suite: Suite) => string } & AsyncDisposable;

/** The suites ask more often than people do. */
const ENV = { LOG_LEVEL: "warn", RATE_LIMIT: "100000" };

/** Conformance apps behind the product, with all they have under its own names, where no credential is needed. */
export async function startPublishedApps(home: Home): Promise<PublishedApps> {
  await using stack = new AsyncDisposableStack();
  const product = stack.use(await start(home));
  const urls = new Map<Suite["era"], string>();
  for (const era of new Set(SUITES.map((suite) => suite.era))) {
    const app = stack.use(await startConformanceApp(era === undefined ? {} : { era }));
    urls.set(era, stack.use(await publish(product, app.url)).url);
  }
  const life = stack.move();
  return { urlFor: ({ era }) => urls.get(era) ?? "", [Symbol.asyncDispose]: () => life.disposeAsync() };
}

async function publish({ device, relay }: Awaited<ReturnType<typeof start>>, appUrl: string) {
  const app = await connectApp(device, appUrl, "Conformance App");
  const persona = await deploy(device, relay, app, {
    name: "Conformance",
    prefixing: false,
    offers: { resources: "all", prompts: "all" },
    lossless: true,
  });
  const { url, accessKey } = await keyFor(device, persona);
  return startHeaderForwarder(url, { authorization: `Bearer ${accessKey}` });
}

async function start(home: Home): Promise<{ device: Commands; relay: TestRelay } & AsyncDisposable> {
  if (home === "node") return startNodeProduct({ env: ENV });
  const product = await startProduct({ env: ENV });
  return { ...product, device: product.browser };
}
