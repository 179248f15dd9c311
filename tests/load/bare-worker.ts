import { cpSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { findBrowser, missingBrowserText } from "../../relay/cli/bootstrap/find-browser.mjs";
import { argumentsFor } from "../support/browser.ts";
import { waitFor } from "../support/product.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const LIBRARY = "socket.io.esm.min.js";

/**
 * The least that a call through a browser can cost: an extension of nothing but a service worker, which answers each
 * message with what one `fetch` of the app brings. In a Chromium of its own.
 */
export async function startBareWorker(options: {
  serverUrl: string;
  appUrl: string;
  headers: Record<string, string>;
  isUp: () => Promise<boolean>;
}): Promise<AsyncDisposable> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(missingBrowserText());
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const extension = folder.path;
  writeFileSync(join(extension, "manifest.json"), JSON.stringify(MANIFEST));
  writeFileSync(join(extension, "worker.js"), workerOf(options));
  const client = dirname(
    createRequire(import.meta.resolve("@agent-personas/extension/test-support/idle-tunnel")).resolve(
      "socket.io-client/package.json",
    ),
  );
  cpSync(join(client, "dist", LIBRARY), join(extension, LIBRARY));
  const context = await chromium.launchPersistentContext("", {
    executablePath,
    headless: true,
    args: argumentsFor(extension),
  });
  stack.defer(() => context.close());
  await waitFor("the bare worker", options.isUp);
  const life = stack.move();
  return { [Symbol.asyncDispose]: () => life.disposeAsync() };
}

const MANIFEST = {
  manifest_version: 3,
  name: "Bare worker",
  version: "1",
  background: { service_worker: "worker.js", type: "module" },
  host_permissions: ["http://127.0.0.1/*", "http://localhost/*"],
};

const workerOf = ({ serverUrl, appUrl, headers }: { serverUrl: string; appUrl: string; headers: object }): string => `
import { io } from "./${LIBRARY}";
const headers = ${JSON.stringify({ "content-type": "application/json", ...headers })};
const socket = io(${JSON.stringify(serverUrl)}, { transports: ["websocket"] });
socket.on("call", async (body, answer) => {
  const response = await fetch(${JSON.stringify(appUrl)}, { method: "POST", headers, body: JSON.stringify(body) });
  answer(await response.json());
});
`;
