import { startPlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, startProduct } from "../support/product.ts";
import { bundleSizes } from "./bundle-sizes.ts";
import { measureAuthentication } from "./measure-authentication.ts";
import { measureCalls } from "./measure-calls.ts";
import { measurePopup } from "./measure-popup.ts";
import { round } from "./spread.ts";

const CALLS = 500;
const LISTS = 500;
const PERSONAS = 50;
const POPUPS = 20;
/** The extension in Chromium: calls, popup, what authentication takes, and what is loaded. */
export async function benchBrowser() {
  await using app = await startPlainApp();
  await using product = await startProduct({ env: { LOG_LEVEL: "warn" } });
  const { browser, relay } = product;
  const connection = await connectApp(browser, app.url, "Bench App");
  const persona = await deploy(browser, relay, connection, { name: "Bench" });
  const through = { ...(await keyFor(browser, persona)), tool: persona.names.get("echo") ?? "" };
  const direct = { url: app.url, accessKey: null, tool: "echo" };
  const calls = await measureCalls({ through, direct, count: CALLS });
  for (let number = 2; number <= PERSONAS; number += 1) {
    await deploy(browser, relay, connection, { name: `Persona ${number}`, only: ["echo"] });
  }
  const popup = await measurePopup(browser, POPUPS);
  return {
    browser: browser.context.browser()?.version() ?? "unknown",
    call: {
      ...calls,
      added: round(calls.through.p50 - calls.direct.p50),
      ratio: round(calls.through.p50 / calls.direct.p50),
    },
    popup: { personas: PERSONAS, ...popup },
    authentication: await measureAuthentication(LISTS),
    bundles: bundleSizes(),
  };
}
