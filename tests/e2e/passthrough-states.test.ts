import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import { exportJWK, generateKeyPair } from "jose";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inspectPage } from "../support/inspect-page.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, startProduct, type Deployed, type Product } from "../support/product.ts";
import { seedRows } from "../support/seed-rows.ts";

/** What people see of personas that nobody signs in to and no key opens. */
let product: Product;
let app: PlainApp;
let persona: Deployed;
let page: Page;
const barriers: string[] = [];

const personaRows = z.array(
  z.looseObject({
    personaId: z.string(),
    accepted: z.looseObject({ version: z.number(), slots: z.array(z.looseObject({})), inbound: z.looseObject({}) }),
  }),
);

const inspect = async (name: string, target = page) => void barriers.push(...(await inspectPage(target, name)));
const go = (tab: string) => page.goto(page.url().replace(/#.*/u, `#/personas/${persona.personaId}/${tab}`));

async function passthrough(change: Partial<Passthrough> = {}): Promise<Passthrough> {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty = "EC", ...jwk } = await exportJWK(publicKey);
  return {
    headers: [{ name: "x-api-key", purpose: "API key of the tracker", required: true, value: null }],
    jwt: {
      keys: {
        from: "inline",
        jwks: { keys: [{ kty: z.enum(["EC"]).parse(kty), ...jwk, kid: "key-1", alg: "ES256" }] },
      },
      issuer: "https://login.example",
      audience: null,
    },
    scopes: ["read"],
    ...change,
  };
}

beforeAll(async () => {
  app = await startPlainApp();
  product = await startProduct();
  const { browser, relay } = product;
  const connected = await connectApp(browser, app.url, "Tracker");
  await deploy(browser, relay, connected, { name: "Release Bot", interactive: true });
  await deploy(browser, relay, connected, { name: "SRE Agent" });
  persona = await deploy(browser, relay, connected, {
    name: "Ticket gateway",
    prefix: "Tracker",
    accessKeys: false,
    passthrough: await passthrough(),
  });
  page = await browser.openConsole(`/personas/${persona.personaId}/overview`);
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("a persona that only passthrough opens speaks of the callers' credentials, not of yours", async () => {
  await page.getByRole("heading", { name: "Connect to MCP" }).waitFor();
  expect(await page.getByText("Access keys").count()).toBe(0);
  await page.getByText("Callers bring their own credentials.").waitFor();
  await page.getByText("3 more tools are not open to passthrough callers.").waitFor();
  await inspect("passthrough-only-overview");
  await go("authentication");
  await page.getByRole("button", { name: "Copy passthrough address" }).waitFor();
  await inspect("passthrough-only-authentication");
  await go("tools");
  await page.getByText("Tracker_echo").first().waitFor();
  await inspect("passthrough-only-tools");
});

test("the popup copies a passthrough persona's own address", async () => {
  const popup = await product.browser.openPopup();
  await popup.getByText("Ticket gateway").waitFor();
  await inspect("popup-passthrough", popup);
  await popup.close();
});

test("another browser's change of passthrough is shown before it counts here", async () => {
  const { accepted } = personaRows
    .parse(await product.browser.rows("personas"))
    .find(({ personaId }) => personaId === persona.personaId) ?? { accepted: { version: 1, slots: [], inbound: {} } };
  const jwt = (await passthrough()).jwt;
  const changed = await passthrough({
    jwt: jwt && { ...jwt, keys: { from: "url", url: "https://login.example/.well-known/jwks.json" } },
    headers: [
      { name: "x-api-key", purpose: "", required: false, value: null },
      { name: "x-tenant", purpose: "", required: true, value: "acme" },
      { name: "authorization", purpose: "", required: true, value: null },
    ],
    scopes: ["read", "write", "destructive"],
  });
  const version = {
    ...accepted,
    version: accepted.version + 1,
    inbound: { ...accepted.inbound, passthrough: changed },
  };
  await go("overview");
  await seedRows(
    page,
    "personas",
    { offered: { signed: "signed", version, authorDeviceId: "other" } },
    `row.personaId === "${persona.personaId}"`,
  );
  await page.reload();
  await page.getByRole("button", { name: "Review changes" }).waitFor();
  await inspect("passthrough-offered");
  await page.getByRole("button", { name: "Review changes" }).click();
  const review = page.getByRole("dialog");
  await review.getByText("“Read” becomes “Read, Write, Delete and overwrite”").waitFor();
  await review.getByText("Passthrough callers may delete and overwrite.").waitFor();
  await review.getByText("The callers' tokens are passed on to Tracker.").waitFor();
  await inspect("passthrough-offered-review");
});

test("every screen is free of barriers that axe finds", () => {
  expect(barriers).toEqual([]);
});
