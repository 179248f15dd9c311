import { signInCodeSchema } from "@agent-personas/shared/api/grants";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { findBrowser, missingBrowserText } from "../../relay/cli/bootstrap/find-browser.mjs";
import { screenshot } from "../support/browser.ts";
import { lostStops, walkFocus } from "../support/walk-focus.ts";
import { authorizeUrl, discover, register, type ServerMetadata } from "../support/oauth-client.ts";
import { startPersonRelay, type DeployedPersona, type PersonRelay } from "../support/person-relay.ts";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

let person: PersonRelay;
let persona: DeployedPersona;
let key: string;
let metadata: ServerMetadata;
let browser: Browser;

beforeAll(async () => {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(missingBrowserText());
  person = await startPersonRelay({ env: { DEVICE_FLOW: "on", SUPPORT_CONTACT: "it@example.com" } });
  persona = await person.deploy();
  key = await person.createKey(persona.personaId);
  ({ metadata } = await discover(persona.endpoint));
  // A stranger's browser: without the extension and without script.
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
});

afterAll(async () => {
  await browser?.close();
  await person?.[Symbol.asyncDispose]();
});

test(
  "every page of the relay is readable in both themes and at both widths, without a barrier",
  { timeout: 300_000 },
  async () => {
    const page = await stranger();
    const barriers: string[] = [];
    const see = async (name: string): Promise<void> => {
      await screenshot(page, `relay-${name}`);
      await page.setViewportSize({ width: 380, height: 600 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        barriers.push(...(await barriersOf(page)).map((barrier) => `${name} ${colorScheme} ${barrier}`));
      }
      const wider = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
      if (wider === true) barriers.push(`${name} is wider than the screen`);
    };
    for (const [name, path] of [
      ["landing", "/"],
      ["help", "/help#tool_changed"],
      ["privacy", "/privacy"],
      ["pair", "/pair"],
      ["not-found", "/nowhere"],
      ["endpoint", "/mcp"],
      ["unknown-client", `/authorize?client_id=nobody&redirect_uri=https://a.example/cb&response_type=code`],
      ["over", "/sign-in/none-none-none"],
      ["device", "/device"],
    ] as const) {
      await page.goto(`${person.relay.url}${path}`);
      await see(name);
    }
    await typeCode(page, "BBBB-BBBB");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("code");
    await see("device-wrong");
    await typeCode(page, await newUserCode());
    await see("device-sign-in");
    await page.getByLabel("Access key").fill(key);
    await page.getByRole("button", { name: "Continue with the key" }).click();
    await see("device-consent");
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByText("goes on by itself within a few seconds").waitFor();
    await see("device-allowed");
    await page.goto(`${person.relay.url}/device/denied`);
    await see("device-denied");
    await page.goto(await newSignIn());
    await page.getByRole("textbox", { name: "Code" }).fill(await codeOfBrowser());
    await page.getByRole("button", { name: "Continue with the code" }).click();
    await page.getByText("Waiting for your other browser").waitFor();
    await see("waiting");
    await page.context().close();
    expect(barriers).toEqual([]);
  },
);

test("a person gets by keyboard from the code that a device shows to Allow", async () => {
  const page = await stranger();
  await page.goto(`${person.relay.url}/device`);
  expect(lostStops(await walkFocus(page, "Continue"))).toEqual([]);
  await page.getByLabel("Code from the device").focus();
  await page.keyboard.type(await newUserCode());
  await page.keyboard.press("Enter");
  await page.getByLabel("Access key").focus();
  await page.keyboard.type(key);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^Allow/u }).waitFor();
  expect(lostStops(await walkFocus(page, "Allow"))).toEqual([]);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Allowed" }).waitFor();
  await page.context().close();
});

test("the page that waits for another browser asks again by itself, and when told to", async () => {
  const page = await stranger();
  await page.goto(await newSignIn());
  await page.getByRole("textbox", { name: "Code" }).fill(await codeOfBrowser());
  await page.getByRole("button", { name: "Continue with the code" }).click();
  await page.getByText("Waiting for your other browser").waitFor();
  const again = page.waitForRequest((request) => request.isNavigationRequest(), { timeout: 20_000 });
  expect((await again).method()).toBe("GET");
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByText("Waiting for your other browser").waitFor();
  await page.context().close();
});

async function stranger(): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

async function barriersOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code from the device").fill(code);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
}

async function registered(more: Record<string, unknown>): Promise<string> {
  const redirect_uris = ["http://127.0.0.1:3334/oauth/callback"];
  const answer = await register(metadata, { client_name: "Build server", redirect_uris, ...more });
  return z.looseObject({ client_id: z.string() }).parse(answer.body).client_id;
}

async function newUserCode(): Promise<string> {
  const form = { client_id: await registered({ grant_types: [DEVICE_GRANT] }), resource: persona.endpoint };
  const endpoint = z.string().parse(metadata["device_authorization_endpoint"]);
  const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(form) });
  return z.looseObject({ user_code: z.string() }).parse(await answer.json()).user_code;
}

async function newSignIn(): Promise<string> {
  const redirectUri = "http://127.0.0.1:3334/oauth/callback";
  const clientId = await registered({});
  return authorizeUrl(metadata, { clientId, redirectUri, resource: persona.endpoint, scope: "read write" }).url;
}

async function codeOfBrowser(): Promise<string> {
  return signInCodeSchema.parse((await person.device.send("POST", "/sign-in-codes", {})).body).code;
}
