import { afterAll, beforeAll, expect, test } from "vitest";
import { connectV1, type Endpoint } from "../support/clients.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, startProduct, type Deployed, type Product } from "../support/product.ts";

let product: Product;
let app: PlainApp;
let persona: Deployed;
let endpoint: Endpoint;

const echo = async (message: string) => {
  await using connected = await connectV1(endpoint);
  return await connected.client.callTool({ name: persona.names.get("echo") ?? "", arguments: { message } });
};

beforeAll(async () => {
  app = await startPlainApp();
  product = await startProduct();
  const { browser, relay } = product;
  persona = await deploy(browser, relay, await connectApp(browser, app.url, "Test App"));
  endpoint = await keyFor(browser, persona);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("a call after the worker was killed while idle is answered within the wait", async () => {
  expect((await echo("before")).content).toEqual([{ type: "text", text: "before" }]);
  const connections = () => product.relay.log.filter((line) => line.includes("device connected")).length;
  const before = connections();
  await product.browser.killWorker();
  expect((await echo("after")).content).toEqual([{ type: "text", text: "after" }]);
  expect(app.executions.begun.get("echo")).toBe(2);
  expect(connections(), "a new worker connected").toBe(before + 1);
});

test("a relay that restarts keeps the client's session and the device", async () => {
  await using connected = await connectV1(endpoint);
  await connected.client.listTools();
  await product.relay.restart();
  const answer = await connected.client.callTool({
    name: persona.names.get("echo") ?? "",
    arguments: { message: "on" },
  });
  expect(answer.content).toEqual([{ type: "text", text: "on" }]);
});

test("with the browser closed, tools are listed and calls say since when it is offline", async () => {
  await using connected = await connectV1(endpoint);
  await product.browser.close();
  expect((await connected.client.listTools()).tools).toHaveLength(persona.names.size + 3);
  const executed = app.executions.begun.get("echo");
  const answer = await connected.client.callTool(
    { name: persona.names.get("echo") ?? "", arguments: { message: "nobody" } },
    undefined,
    { timeout: 60_000 },
  );
  expect(answer.isError).toBe(true);
  expect(JSON.stringify(answer.content)).toMatch(/offline since .*Nothing was executed.*owner_offline/u);
  expect(app.executions.begun.get("echo")).toBe(executed);
  expect((await connected.client.listTools()).tools).toHaveLength(persona.names.size + 3);
});
