import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { startPlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, startProduct } from "../support/product.ts";
import { bundleSizes } from "./bundle-sizes.ts";
import { describeMachine } from "./describe-machine.ts";
import { measureAuthentication } from "./measure-authentication.ts";
import { measureCalls } from "./measure-calls.ts";
import { measurePopup } from "./measure-popup.ts";
import { round } from "./spread.ts";

const CALLS = 500;
const LISTS = 500;
const PERSONAS = 50;
const POPUPS = 20;
const FOLDER = join(ROOT, "tests", "artefacts", "bench");

await using app = await startPlainApp();
await using product = await startProduct({ env: { LOG_LEVEL: "warn" } });
const { browser, relay } = product;
const connection = await connectApp(browser, app.url, "Bench App");
const persona = await deploy(browser, relay, connection, { name: "Bench" });
const through = { ...(await keyFor(browser, persona)), tool: persona.names.get("echo") ?? "" };

const calls = await measureCalls({ through, direct: { url: app.url, accessKey: null, tool: "echo" }, count: CALLS });
for (let number = 2; number <= PERSONAS; number += 1) {
  await deploy(browser, relay, connection, { name: `Persona ${number}`, only: ["echo"] });
}
const popup = await measurePopup(browser, POPUPS);
const authentication = await measureAuthentication(LISTS);

const result = {
  ...describeMachine(browser.context.browser()?.version() ?? "unknown"),
  call: {
    ...calls,
    added: round(calls.through.p50 - calls.direct.p50),
    ratio: round(calls.through.p50 / calls.direct.p50),
  },
  popup: { personas: PERSONAS, ...popup },
  authentication,
  bundles: bundleSizes(),
};
mkdirSync(FOLDER, { recursive: true });
const file = join(FOLDER, `${result.date.replaceAll(":", "-")}.json`);
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
console.log(`${result.machine} · Node ${result.node} · Chromium ${result.browser} · ${result.commit}\n`);
console.table({
  "echo through everything (ms)": calls.through,
  "echo directly (ms)": calls.direct,
  "popup usable (ms)": popup,
});
console.log(
  `A call costs ${result.call.added} ms more than the direct one (median of ${CALLS}, in turn in one run).\n`,
);
console.table(
  Object.fromEntries(
    Object.entries(authentication).map(([way, { list, authenticate, share }]) => [
      way,
      { "tools/list (ms, median)": list.p50, "of it authentication": authenticate.p50, "share (%)": share },
    ]),
  ),
);
console.table(result.bundles);
console.log(`Written to ${file}`);
