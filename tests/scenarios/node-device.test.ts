import { expect, test } from "vitest";
import { connectV2, type Endpoint } from "../support/clients.ts";
import {
  startKillableProduct,
  startNodeProduct,
  type KillableProduct,
  type NodeProduct,
} from "../support/node-product.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, waitFor } from "../support/product.ts";
import { STRANGE_RESULT } from "../support/test-tools.ts";

// The extension's core in Node, which suites and benchmarks stand on: it must die and come back as the one in a browser.

async function publish({ device, relay }: NodeProduct | KillableProduct, url: string): Promise<Endpoint> {
  const persona = await deploy(device, relay, await connectApp(device, url, "Test App"), { prefixing: false });
  return keyFor(device, persona);
}

/** One request of 2026-07-28 without an SDK, which would refuse what it does not know. */
async function callRaw({ url, accessKey }: Endpoint, name: string): Promise<unknown> {
  const version = "2026-07-28";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessKey}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {}, _meta } }),
  });
  return response.json();
}

test("a call goes through relay, tunnel and the extension's core to the app and back, nothing lost", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct();
  const endpoint = await publish(product, app.url);
  expect(await callRaw(endpoint, "strange")).toMatchObject({ result: STRANGE_RESULT });
  expect(app.executions.finished.get("strange")).toBe(1);
});

const DEATHS = {
  "a killed worker": async ({ device }: KillableProduct) => {
    await device.killWorker();
    await device.wake();
  },
  "a browser that was closed": ({ device }: KillableProduct) => device.restartBrowser(),
};

for (const [name, die] of Object.entries(DEATHS)) {
  test(`${name} says that the outcome is unknown, repeats nothing, and takes the next call`, async () => {
    await using app = await startPlainApp();
    await using product = await startKillableProduct();
    await using connected = await connectV2(await publish(product, app.url));
    const answer = connected.client.callTool({ name: "slow", arguments: { steps: 100, stepMs: 100 } });
    await waitFor("the app to begin", () => Promise.resolve(app.executions.begun.get("slow") === 1));
    await die(product);
    expect(JSON.stringify(await answer)).toContain("outcome_unknown");
    expect(app.executions.begun.get("slow")).toBe(1);
    expect(app.executions.finished.get("slow")).toBeUndefined();
    expect(await connected.client.callTool({ name: "echo", arguments: { message: "again" } })).toMatchObject({
      content: [{ text: "again" }],
    });
  });
}

test("while the worker is dead the call waits for it", async () => {
  await using app = await startPlainApp();
  await using product = await startKillableProduct();
  await using connected = await connectV2(await publish(product, app.url));
  await product.device.killWorker();
  const answer = connected.client.callTool({ name: "echo", arguments: { message: "patience" } });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(app.executions.begun.get("echo")).toBeUndefined();
  await product.device.wake();
  expect(await answer).toMatchObject({ content: [{ text: "patience" }] });
});
