import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startTunnelNetwork, type TunnelNetwork } from "../faults/tunnel-network.ts";
import { ACCOUNT_HEADER, startOracleApp, type OracleApp, type OracleTool } from "../long/oracle-app.ts";
import { deploy, keyFor, startProduct, waitFor, type Deployed, type Product } from "../support/product.ts";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import type { Endpoint } from "../support/clients.ts";

// Line 4 of docs/tunnel-protocol.md where the worker is Chromium's own; the rest of the table is in tests/faults.

let app: OracleApp;
let network: TunnelNetwork;
let product: Product;
let persona: Deployed;
let endpoint: Endpoint;

const DEADLINES = { DEVICE_DEADLINE_MS: "18000", RELAY_DEADLINE_MS: "20000" };
const addedSchema = z.object({ appId: z.string(), connectionId: z.string() });

beforeAll(async () => {
  app = await startOracleApp();
  network = await startTunnelNetwork();
  product = await startProduct({
    publicUrl: network.url,
    env: DEADLINES,
    onListening: (port) => void (network.target.port = port),
  });
  const { browser, relay } = product;
  const added = addedSchema.parse(await browser.command("apps.add", { url: app.url, name: "Oracle" }));
  const { connectionId } = added;
  await browser.command("apps.set-headers", { connectionId, headers: { [ACCOUNT_HEADER]: "ada" } });
  await browser.command("apps.connect", { connectionId });
  persona = await deploy(browser, relay, added, { prefixing: false });
  endpoint = await keyFor(browser, persona);
});
afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await network?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(() => waitFor("the tunnel", () => Promise.resolve(network.tunnels() === 1)));

const call = (tool: OracleTool, marker: string): Promise<Ending> =>
  createRawCaller(endpoint, "modern", 30_000).call(persona.names.get(tool) ?? tool, { marker, ms: 1_500 });
const executions = (marker: string): number => app.executions.get(marker)?.count ?? 0;
const begun = (marker: string): Promise<void> =>
  waitFor("the app to begin", () => Promise.resolve(executions(marker) > 0));

async function restartWorker(): Promise<void> {
  await product.browser.killWorker();
  // A page wakes it sooner than its alarm.
  await product.browser.command("status.get", {});
}

test("line 4: a read-only call whose worker is killed is executed again", async () => {
  const ending = call("look", "reading");
  await begun("reading");
  await restartWorker();
  expect(await ending).toMatchObject({ kind: "result" });
  expect(executions("reading")).toBe(2);
});

test("line 4: of a writing call whose worker is killed nobody knows the outcome, and it is not executed again", async () => {
  const ending = call("note", "writing");
  await begun("writing");
  await restartWorker();
  expect(await ending).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  expect(executions("writing")).toBe(1);
});

test("line 4: a writing call that its worker had not begun when it was killed is executed once", async () => {
  network.hold("from-device");
  const ending = call("note", "unstarted");
  await delay(300);
  await restartWorker();
  expect(await ending).toMatchObject({ kind: "result" });
  expect(executions("unstarted")).toBe(1);
});
