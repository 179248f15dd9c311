import { startBareServer } from "@agent-personas/relay/test-support/bare-tunnel";
import { connectApp, deploy, keyFor, startProduct, type Product } from "../support/product.ts";
import { startBareWorker } from "./bare-worker.ts";
import { bundleSizes } from "./bundle-sizes.ts";
import { compare } from "./compare.ts";
import { measureAuthentication } from "./measure-authentication.ts";
import { measurePopup } from "./measure-popup.ts";
import { createPoster, mcpRequest } from "./post-json.ts";
import { processorUse } from "./processor-use.ts";
import { round } from "./spread.ts";
import { startPart } from "./start-part.ts";

const WARM_UP = 300;
const COUNTS = [
  [1, 500],
  [32, 1_600],
] as const;
const LISTS = 500;
const PERSONAS = 50;
const POPUPS = 20;

/** The extension in Chromium: calls, popup, what authentication takes, and what is loaded. */
export async function benchBrowser() {
  // Else Playwright is told of every request and frame of a worker, which makes calls a third slower.
  process.env["PLAYWRIGHT_DISABLE_SERVICE_WORKER_NETWORK"] = "1";
  await using app = await startPart("app");
  await using product = await startProduct({ env: { LOG_LEVEL: "warn", RATE_LIMIT: "100000" } });
  const { browser, relay } = product;
  const connection = await connectApp(browser, app.url, "Bench App");
  const calls = await measureCalls(product, connection, app.url);
  for (let number = 2; number <= PERSONAS; number += 1) {
    await deploy(browser, relay, connection, { name: `Persona ${number}`, only: ["echo"] });
  }
  const popup = await measurePopup(browser, POPUPS);
  return {
    browser: browser.context.browser()?.version() ?? "unknown",
    calls,
    popup: { personas: PERSONAS, ...popup },
    authentication: await measureAuthentication(LISTS),
    bundles: bundleSizes(),
  };
}

/** One echo through everything, directly, and over the least that a browser can be made to do. */
async function measureCalls(
  { browser, relay }: Product,
  connection: Awaited<ReturnType<typeof connectApp>>,
  appUrl: string,
) {
  const persona = await deploy(browser, relay, connection, { name: "Bench" });
  const endpoint = await keyFor(browser, persona);
  await using server = await startBareServer();
  using poster = createPoster();
  const args = { arguments: { message: "hello" } };
  const callOf = (tool: string) =>
    mcpRequest(endpoint.accessKey, "tools/call", { name: persona.names.get(tool) ?? "", ...args });
  const [whole, writing] = [callOf("echo"), callOf("send")];
  const direct = mcpRequest(null, "tools/call", { name: "echo", ...args });
  const ways = {
    through: () => poster.post(endpoint.url, whole.headers, whole.body),
    writing: () => poster.post(endpoint.url, writing.headers, writing.body),
    direct: () => poster.post(appUrl, direct.headers, direct.body),
    floor: () => poster.post(`${server.url}/call`, {}, direct.body),
  };
  await using stack = new AsyncDisposableStack();
  const isUp = (): Promise<boolean> =>
    ways.floor().then(
      (text) => text.includes("hello"),
      () => false,
    );
  stack.use(await startBareWorker({ serverUrl: server.url, appUrl, headers: direct.headers, isUp }));
  if (!(await ways.through()).includes("hello")) throw new Error("The echo does not come back.");
  const results: Record<string, unknown> = {};
  for (const [atOnce, count] of COUNTS) {
    const measured = await compare(ways, { count, atOnce, warmUp: WARM_UP });
    results[`${atOnce} at once`] = {
      ...measured,
      processor: {
        through: await processorUse(ways.through, { count, atOnce }),
        floor: await processorUse(ways.floor, { count, atOnce }),
      },
      addedP50: round(measured.through.p50 - measured.direct.p50),
      ofFloorP50: round(measured.through.p50 / measured.floor.p50),
      ofFloorThroughput: round(measured.through.perSecond / measured.floor.perSecond),
    };
  }
  return results;
}
