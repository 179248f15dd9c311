import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectV1 } from "../support/clients.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { deploy, keyFor, startProduct, type Deployed, type Product } from "../support/product.ts";
import { lostStops, walkFocus } from "../support/walk-focus.ts";

const STORED = "stored-canary-of-the-owner";
const BROUGHT = "brought-along-by-the-caller";
const ISSUER = "https://login.example";

let app: PlainApp;
let product: Product;
let persona: Deployed;
let address: string;
let page: Page;
let foreign: Awaited<ReturnType<typeof generateKeyPair>>;
const barriers: string[] = [];

const button = (name: string | RegExp) => page.getByRole("button", { name });
const field = (name: string) => page.getByLabel(name, { exact: true });
const inspect = async (name: string) => void barriers.push(...(await inspectPage(page, name)));
const settings = () => page.getByRole("group", { name: "Passthrough settings" });
const next = () => button("Next").click();

const tokenFor = (audience: string, claims: { iss?: string } = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: "key-1" })
    .setSubject("robot-7")
    .setAudience(audience)
    .setExpirationTime("5m")
    .sign(foreign.privateKey);

async function connect(headers: Record<string, string>): Promise<{ client: Client } & AsyncDisposable> {
  const client = new Client({ name: "robot", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } }));
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

const echo = (message: string) => ({ name: persona.names.get("echo") ?? "", arguments: { message } });

beforeAll(async () => {
  foreign = await generateKeyPair("ES256", { extractable: true });
  app = await startPlainApp({ header: { name: "x-api-key", value: STORED, others: [BROUGHT] } });
  product = await startProduct();
  const { browser, relay } = product;
  const added = (await browser.command("apps.add", { url: app.url, name: "Billing" })) as {
    appId: string;
    connectionId: string;
  };
  await browser.command("apps.set-headers", { connectionId: added.connectionId, headers: { "x-api-key": STORED } });
  await browser.command("apps.connect", { connectionId: added.connectionId });
  persona = await deploy(browser, relay, added, { name: "Billing robot", prefix: "Billing", only: ["echo", "add"] });
  address = passthroughEndpointUrl(relay.url, persona.slug);
  page = await browser.openConsole(`/personas/${persona.personaId}/edit`);
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("the wizard says what passthrough is missing, and keeps apps of this computer from strangers", async () => {
  await next();
  await page.getByRole("treegrid").waitFor();
  await next();
  await page.getByRole("heading", { name: "Inbound Authentication" }).waitFor();
  await page.getByRole("checkbox", { name: "Passthrough" }).press("Space");
  await settings().waitFor();
  await inspect("wizard-3-passthrough-empty");
  await button("Add header").click();
  await next();
  await settings().getByText("Enter the https address of the issuer's keys.").waitFor();
  await settings().getByText("Choose at least one app.").waitFor();
  await inspect("wizard-3-passthrough-problems");

  await settings().getByLabel("Anyone who sends the headers").press("Space");
  await settings().getByText("Anyone who knows the address").waitFor();
  await settings().getByText("None of these apps may be opened to callers without a token.").waitFor();
  expect(
    await settings()
      .getByRole("checkbox", { name: /Billing/u })
      .isDisabled(),
  ).toBe(true);
  await inspect("wizard-3-passthrough-open");
  await settings().getByLabel("Callers with a token of your issuer").press("Space");
});

test("the wizard tries a token while the settings are typed, check by check", async () => {
  await settings().getByLabel("Pasted here").press("Space");
  const jwk = { ...(await exportJWK(foreign.publicKey)), kid: "key-1", alg: "ES256" };
  await field("Public keys (JWK Set)").fill(JSON.stringify({ keys: [jwk] }));
  await field("Issuer").fill(ISSUER);
  await field("Header").fill("X-Api-Key");
  await field("Purpose").fill("API key of the billing app");
  await button("Add header").click();
  await field("Header").last().fill("x-tenant");
  await page.getByRole("combobox", { name: "How" }).last().click();
  await page.getByRole("option", { name: /Fixed value/u }).click();
  await field("Value").fill("acme");
  await settings()
    .getByRole("checkbox", { name: /Billing/u })
    .press("Space");
  await settings()
    .getByRole("checkbox", { name: /^Write/u })
    .press("Space");

  await field("Try a token").fill(await tokenFor(address, { iss: "https://other.example" }));
  await settings().getByText("Refused", { exact: true }).waitFor();
  const checks = settings().getByRole("list", { name: "Checks of the token" });
  expect(await checks.getByRole("img", { name: "Failed" }).count()).toBe(1);
  await inspect("wizard-3-passthrough-refused");
  await field("Try a token").fill(await tokenFor(address, { iss: ISSUER }));
  await settings().getByText("Accepted", { exact: true }).waitFor();
  expect(await checks.getByRole("img", { name: "Passed" }).count()).toBe(7);
  await inspect("wizard-3-passthrough");
  await page.getByRole("checkbox", { name: /^Interactive login/u }).focus();
  const stops = await walkFocus(page, "Next");
  expect(lostStops(stops)).toEqual([]);
  await page.setViewportSize({ width: 380, height: 600 });
  await page.getByRole("checkbox", { name: /^Interactive login/u }).focus();
  expect(lostStops(await walkFocus(page, "Next"))).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 800 });
  for (const name of ["Access keys", "Issuer", "Try a token", "Add header", "Back"]) {
    expect(stops.map((stop) => stop.name)).toContainEqual(expect.stringContaining(name));
  }
});

test("reviews and deploys passthrough", async () => {
  await next();
  await page.getByText("Callers bring their own credentials for Billing").waitFor();
  await inspect("wizard-review-passthrough");
  await button("Save & Deploy").click();
  await page.getByRole("heading", { name: "Connect to MCP" }).waitFor();
});

test("a call with a foreign token takes the caller's header to the app, and never the stored one", async () => {
  app.seenHeaders.length = 0;
  const token = await tokenFor(address, { iss: ISSUER });
  await using connected = await connect({ authorization: `Bearer ${token}`, "x-api-key": BROUGHT, "x-other": "no" });
  expect((await connected.client.listTools()).tools.map(({ name }) => name)).toContain("Billing_echo");
  expect(await connected.client.callTool(echo("by a stranger"))).toMatchObject({
    content: [{ type: "text", text: "by a stranger" }],
  });
  expect(app.seenHeaders.length).toBeGreaterThan(0);
  for (const headers of app.seenHeaders) {
    expect(headers).toMatchObject({ "x-api-key": BROUGHT, "x-tenant": "acme" });
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("x-other");
    expect(JSON.stringify(headers)).not.toContain(STORED);
  }
});

test("an app that refuses the caller's header is the caller's problem, and the stored one does not help out", async () => {
  app.seenHeaders.length = 0;
  const token = await tokenFor(address, { iss: ISSUER });
  await using connected = await connect({ authorization: `Bearer ${token}`, "x-api-key": "wrong" });
  const answer = await connected.client.callTool(echo("refused"));
  expect(answer.isError).toBe(true);
  expect(JSON.stringify(answer.content)).toContain("app_refused_caller");
  expect(app.seenHeaders.every((headers) => headers["x-api-key"] === "wrong")).toBe(true);
  const connections = JSON.stringify(await product.browser.rows("connections"));
  expect(connections).toContain('"status":"connected"');
});

test("calls by key go on with the stored header, beside passthrough", async () => {
  app.seenHeaders.length = 0;
  await using connected = await connectV1(await keyFor(product.browser, persona));
  await connected.client.callTool(echo("by key"));
  expect(app.seenHeaders.at(-1)).toMatchObject({ "x-api-key": STORED });
  expect(app.seenHeaders.at(-1)).not.toHaveProperty("x-tenant");
});

test("nothing of what callers brought is kept in this browser or at the relay", async () => {
  for (const table of ["personas", "connections", "apps", "tools", "drafts"]) {
    expect(JSON.stringify(await product.browser.rows(table))).not.toContain(BROUGHT);
  }
  expect((await product.relay.databaseBytes()).toString("latin1")).not.toContain(BROUGHT);
  expect(product.relay.log.join("\n")).not.toContain(BROUGHT);
});

test("the persona's page shows what callers must bring, and how they connect", async () => {
  await page.getByRole("radio", { name: "Passthrough" }).press("Space");
  await page.getByText(address).first().waitFor();
  await page.getByText("Replace the words in capitals.").waitFor();
  await inspect("connect-passthrough");
  await page.getByRole("tab", { name: "TypeScript SDK" }).press("Enter");
  await inspect("connect-passthrough-sdk");
  await page.getByRole("tab", { name: "Authentication" }).press("Enter");
  await page.getByRole("button", { name: "Copy passthrough address" }).waitFor();
  await inspect("persona-authentication-passthrough");
});

test("every screen is free of barriers that axe finds", () => {
  expect(barriers).toEqual([]);
});
