import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { listen, type Listening } from "../support/listen.ts";
import { authorizeUrl, discover, register } from "../support/oauth-client.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, startProduct, waitFor, type Deployed, type Product } from "../support/product.ts";

let product: Product;
let app: PlainApp;
let persona: Deployed;
/** A page of somebody else's that looks to a script like the relay's sign-in page, and frames the real one. */
let hostile: Listening;
let framed = "";

const form = (uid: string): string => `<!doctype html><title>Sign in</title>
  <form id="ap-extension" method="post" action="/taken" data-interaction="${uid}" data-client-id="client"
    data-redirect-uri="https://evil.example/back" data-nonce="${"n".repeat(22)}" hidden>
    <input type="hidden" name="token" value=""><button>Continue as <span id="ap-extension-name"></span></button>
  </form><iframe src="${framed}"></iframe>`;

beforeAll(async () => {
  hostile = await listen((request, response) => {
    response.setHeader("content-type", "text/html").end(form(request.url?.split("/")[2] ?? ""));
  });
  app = await startPlainApp();
  product = await startProduct();
  const connected = await connectApp(product.browser, app.url, "Test App");
  persona = await deploy(product.browser, product.relay, connected, { interactive: true, only: ["echo"] });
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  await hostile?.[Symbol.asyncDispose]();
});

test("offers this browser's person on the relay's page and signs for no script's click", async () => {
  const page = await product.browser.context.newPage();
  await page.goto(await signInUrl());
  const button = page.getByRole("button", { name: "Continue as Ada" });
  await button.waitFor();
  const address = page.url();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.method()} ${request.url()}`));
  await page.evaluate(`document.querySelector("#ap-extension button").click()`);
  await settled(page);
  expect([page.url(), sent, await token(page)]).toEqual([address, [], ""]);
  await page.close();
});

test("is in no page of another host or port that carries the same form, and the real one is in no frame", async () => {
  framed = await signInUrl();
  for (const origin of [hostile.origin, hostile.origin.replace("127.0.0.1", "localhost")]) {
    const page = await product.browser.context.newPage();
    await page.goto(`${origin}/sign-in/Abc_def-0123456789xyz`);
    await settled(page);
    expect(await page.locator("#ap-extension").isHidden()).toBe(true);
    expect(await page.locator("#ap-extension-name").textContent()).toBe("");
    // The real page, in a frame, does not even load.
    expect(await page.frameLocator("iframe").locator("#ap-extension").count()).toBe(0);
    await page.close();
  }
});

test("goes with the relay: after unpairing nothing is registered and nobody is named", async () => {
  const url = await signInUrl();
  expect(await registered()).toEqual([[`${product.relay.url}/sign-in/*`]]);
  await product.browser.command("relay.unpair", {});
  await waitFor("the script to be gone", async () => (await registered()).length === 0);
  const page = await product.browser.context.newPage();
  await page.goto(url);
  await settled(page);
  expect(await page.locator("#ap-extension").isHidden()).toBe(true);
  await page.close();
});

async function signInUrl(): Promise<string> {
  const { metadata } = await discover(persona.endpoint);
  const redirectUri = "http://127.0.0.1:46333/callback";
  const registration = await register(metadata, { client_name: "Client", redirect_uris: [redirectUri] });
  const { client_id: clientId } = z.looseObject({ client_id: z.string() }).parse(registration.body);
  return authorizeUrl(metadata, { clientId, redirectUri, resource: persona.endpoint, scope: "read" }).url;
}

/** Long enough for the script to have asked the background, were it there. */
const settled = (page: Page): Promise<void> => page.waitForTimeout(700);

const token = (page: Page): Promise<string> => page.locator("#ap-extension input[name=token]").inputValue();

async function registered(): Promise<string[][]> {
  const page = await product.browser.openConsole("/settings");
  const scripts: unknown = await page.evaluate("chrome.scripting.getRegisteredContentScripts()");
  await page.close();
  return z
    .array(z.looseObject({ matches: z.array(z.string()) }))
    .parse(scripts)
    .map(({ matches }) => matches);
}
