import { grantsSchema } from "@agent-personas/shared/api/grants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { continueHere } from "../support/browser-sign-in.ts";
import { signInMcpRemoteByCode } from "../support/client-programs.ts";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, startProduct, type Deployed, type Product } from "../support/product.ts";

let product: Product;
let app: PlainApp;
let persona: Deployed;

const echo = (): string => persona.names.get("echo") ?? "missing";

beforeAll(installClients, INSTALL_MS);

beforeAll(async () => {
  app = await startPlainApp();
  product = await startProduct({ env: { DEVICE_FLOW: "on" } });
  const connected = await connectApp(product.browser, app.url, "Test App");
  persona = await deploy(product.browser, product.relay, connected, { only: ["echo"], interactive: true });
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("mcp-remote on a computer without a browser signs in by a code that its person types here", async () => {
  const text: string[] = [];
  await using bridge = await signInMcpRemoteByCode(persona.endpoint, async (address, code) => {
    expect(address).toBe(`${product.relay.url}/device`);
    const page = await product.browser.context.newPage();
    await page.goto(address);
    await page.getByLabel("Code from the device").fill(code);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await continueHere(page);
    text.push(await page.getByRole("main").innerText());
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "Allowed" }).waitFor();
    await page.close();
  });
  expect(text.join("")).toContain("whoever gave you the code gets the access");
  const answer = await bridge.client.callTool({ name: echo(), arguments: { message: "without a browser" } });
  expect(answer).toMatchObject({ content: [{ type: "text", text: "without a browser" }] });
  const { grants } = grantsSchema.parse(await product.browser.command("grants.list", { personaId: persona.personaId }));
  expect(grants.map(({ client, scopes }) => [client.redirectHost, scopes])).toEqual([
    [expect.stringMatching(/^another device, at /u), ["read", "write"]],
  ]);
});

test("what a person denies there, mcp-remote says", async () => {
  const refused = signInMcpRemoteByCode(persona.endpoint, async (address, code) => {
    const page = await product.browser.context.newPage();
    await page.goto(address);
    await page.getByLabel("Code from the device").fill(code);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "Not allowed" }).waitFor();
    await page.close();
  });
  await expect(refused).rejects.toThrow("closed");
});
