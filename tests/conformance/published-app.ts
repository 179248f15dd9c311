import { startHeaderForwarder } from "../support/header-forwarder.ts";
import { startNodeProduct } from "../support/node-product.ts";
import { connectApp, deploy, keyFor, startProduct, type Commands } from "../support/product.ts";
import type { TestRelay } from "../support/relay.ts";

/** Where the extension runs. */
export type Home = "node" | "browser";

export type PublishedApp = { url: string } & AsyncDisposable;

/** The suites ask more often than people do. */
const ENV = { LOG_LEVEL: "warn", RATE_LIMIT: "100000" };

/** All of an app behind the product, under its own names, at an address that needs no credential. */
export async function startPublishedApp(appUrl: string, home: Home): Promise<PublishedApp> {
  const product = await start(home);
  const { device, relay } = product;
  const app = await connectApp(device, appUrl, "Conformance App");
  const persona = await deploy(device, relay, app, {
    name: "Conformance",
    prefixing: false,
    offers: { resources: "all", prompts: "all" },
    lossless: true,
  });
  const { url, accessKey } = await keyFor(device, persona);
  const forwarder = await startHeaderForwarder(url, { authorization: `Bearer ${accessKey}` });
  return {
    url: forwarder.url,
    async [Symbol.asyncDispose]() {
      await forwarder[Symbol.asyncDispose]();
      await product[Symbol.asyncDispose]();
    },
  };
}

async function start(home: Home): Promise<{ device: Commands; relay: TestRelay } & AsyncDisposable> {
  if (home === "node") return startNodeProduct({ env: ENV });
  const product = await startProduct({ env: ENV });
  return { ...product, device: product.browser };
}
