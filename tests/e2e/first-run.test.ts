import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, screenshot, type ExtensionBrowser } from "../support/browser.ts";
import { connectV1 } from "../support/clients.ts";
import { startOAuthApp, type OAuthApp } from "../support/oauth-app.ts";
import { startTestRelay, type TestRelay } from "../support/relay.ts";

let relay: TestRelay;
let browser: ExtensionBrowser;
let app: OAuthApp;
let page: Page;
/** What axe found, of every screen in both themes. */
const barriers: string[] = [];

/** Looks at the page as people do (pictures) and as a screen reader does (axe), in both themes. */
async function inspect(name: string, target = page): Promise<void> {
  await screenshot(target, name);
  for (const colorScheme of ["light", "dark"] as const) {
    await target.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours that are still changing have the contrast of neither theme.
    await target.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    const { violations } = await new AxeBuilder({ page: target }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
    barriers.push(...found.map((text) => `${name} ${colorScheme} ${text}`));
  }
  await target.emulateMedia({ colorScheme: null, reducedMotion: null });
}

const fingerprintsIn = (text: string): string[] =>
  [...text.matchAll(/(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}/gu)].map(([print]) => print).toSorted();

const button = (name: string | RegExp) => page.getByRole("button", { name });
const field = (name: string | RegExp) => page.getByLabel(name, { exact: typeof name === "string" });

beforeAll(async () => {
  app = await startOAuthApp({ consent: "auto" });
  relay = await startTestRelay();
  browser = await openBrowser();
  await browser.allow("http://localhost/*", "http://127.0.0.1/*");
  const login = await browser.context.newPage();
  await login.goto(app.authorization.loginUrl("ada"));
  await login.close();
  page = await browser.openConsole("/welcome");
  page.setDefaultTimeout(5_000);
});

afterAll(async () => {
  await browser?.close();
  await relay?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("the popup of a new installation offers pairing", async () => {
  const popup = await browser.openPopup();
  await popup.getByText("Not paired").first().waitFor();
  await inspect("popup-unpaired", popup);
  await popup.close();
});

test("pairs with the printed link, shows the relay's host first and the recovery code once", async () => {
  await inspect("welcome-1-pair");
  await button("Pair this browser").click();
  await page.getByText("Enter a pairing link or the address of a relay.").waitFor();
  await inspect("welcome-1-problems");
  await page.getByLabel("Pairing link or relay address").fill(`${relay.url}/pair#${relay.setupCode}`);
  await page.getByText(new URL(relay.url).host).first().waitFor();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("This browser's name").fill("Test browser");
  await button("Pair this browser").click();
  await page.getByText("This is shown once.").waitFor();
  await inspect("welcome-1-recovery");
  expect(await button("Continue").isEnabled()).toBe(false);
  await page.getByLabel("I have saved it").check();
  await button("Continue").click();
  await page.getByText("Connect your first app").waitFor();
});

test("adds an app that asks for a sign-in and connects it with the session of this browser", async () => {
  await field("Address").waitFor();
  await inspect("welcome-2-app");
  await field("Address").fill(app.url);
  await field(/^Name/u).fill("Tracker");
  await button("Add app").click();
  await page.getByText("asks you to sign in").waitFor();
  await inspect("welcome-2-connect");
  await button(/^Connect/u).click();
  await page.getByText("Create your first persona").waitFor();
  await page.getByRole("link", { name: "Create Agent Persona" }).waitFor();
  await inspect("welcome-3-persona");
  expect(app.authorization.counters).toMatchObject({ registrations: 1, codes: 1 });
});

test("shows the connected app with its tools, definitions and account", async () => {
  await page.goto(page.url().replace(/#.*/u, "#/apps"));
  await page.getByText("Tracker").first().waitFor();
  await inspect("apps");
  await page
    .getByRole("link", { name: /Tracker/u })
    .first()
    .click();
  await page.getByRole("heading", { name: "Tracker" }).waitFor();
  await page.getByText("delete-thing").first().waitFor();
  await inspect("app-page");
});

test("the wizard validates each step, asks about the destructive tool and keeps the draft", async () => {
  await page.goto(page.url().replace(/#.*/u, "#/personas"));
  await page.getByText("No personas yet").waitFor();
  await inspect("personas-empty");
  await page.getByRole("link", { name: "Create Agent Persona" }).first().click();
  await field(/^Name/u).waitFor();
  await button("Next").click();
  await page.getByText("Give the persona a name.").waitFor();
  await inspect("wizard-1-problem");
  await field(/^Name/u).fill("SRE Agent");
  await field(/^Description/u).fill("Looks into incidents.");
  await inspect("wizard-1-basics");
  await field(/^Name/u).press("Enter");
  await page.getByRole("heading", { name: "Tool Selection" }).waitFor();
  await page.getByLabel("Select all tools of Tracker").click();
  await page.getByText("1 destructive tool needs a decision").waitFor();
  await inspect("wizard-2-tools");
  await button("Next").click();
  await inspect("wizard-2-problem");
  await page.getByRole("heading", { name: "Tool Selection" }).waitFor();
  await page.getByRole("group", { name: "Confirm delete-thing" }).getByRole("button", { name: "Allow" }).click();

  await page.getByText("1 destructive tool needs a decision").waitFor({ state: "hidden" });
  await expect.poll(async () => JSON.stringify(await browser.rows("drafts"))).toContain('"policy":"allow"');
  await page.reload();
  await page.getByText("This is your unfinished draft").waitFor();
  await inspect("wizard-restored");
});

test("reviews, deploys and lands on the overview", async () => {
  if (await page.getByRole("heading", { name: "Tool Selection" }).isVisible()) await button("Next").click();
  await page.getByRole("heading", { name: "Inbound Authentication" }).waitFor();
  await page.getByRole("checkbox", { name: "Interactive login" }).uncheck();
  await button("Next").click();
  await page.getByText("Choose at least one way in.").waitFor();
  await inspect("wizard-3-problem");
  await page.getByRole("checkbox", { name: "Interactive login" }).check();
  await page.getByRole("checkbox", { name: "Access keys" }).check();
  await inspect("wizard-3-inbound");
  await button("Next").click();
  await page.getByRole("heading", { name: "Review" }).waitFor();
  await inspect("wizard-review");
  await button("Create & Deploy").click();
  await page.getByRole("heading", { name: "SRE Agent" }).waitFor();
  await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
  await page.getByText("Connect to MCP").first().waitFor();
  await inspect("persona-overview");
});

test("a generated key is shown once and works for a client nobody here wrote", async () => {
  await page.getByRole("tab", { name: "Authentication" }).click();
  await inspect("persona-authentication-empty");
  await button("Generate Key").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Name/u).fill("Nightly report");
  await dialog.getByRole("checkbox", { name: /^Write/u }).click();
  await inspect("key-dialog");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await page.getByText("Save your access key").waitFor();
  await inspect("key-created");
  const secret = /ap_\w{6}_\w{43}_\w{6}/u.exec(await page.getByRole("dialog").innerText())?.[0] ?? "";
  expect(secret).not.toBe("");
  await page.getByLabel("I have saved it").check();
  await button("Done").click();
  await page.getByText("Nightly report").waitFor();
  await inspect("persona-authentication");

  const personas = (await browser.rows("personas")) as { slug: string }[];
  const keyEndpoint = `${relay.url}/k/${personas[0]?.slug}/mcp`;
  await using connected = await connectV1({ url: keyEndpoint, accessKey: secret });
  const { tools } = await connected.client.listTools();
  expect(tools.map((tool) => tool.name)).toContain("Tracker_echo");
  expect(tools.map((tool) => tool.name)).not.toContain("Tracker_delete-thing");
  const answer = await connected.client.callTool({ name: "Tracker_echo", arguments: { message: "from the console" } });
  expect(answer.content).toEqual([{ type: "text", text: "from the console" }]);
});

test("shows the tools, the snippets and the other tabs", async () => {
  await page.getByRole("tab", { name: "Tools" }).click();
  await page.getByText("Tracker_echo").first().waitFor();
  await inspect("persona-tools");
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByText(/claude mcp add --transport http sre-agent \S+\/p\/\S+\/mcp$/u).waitFor();
  for (const client of ["Claude.ai", "ChatGPT", "Cursor", "VS Code"]) {
    await page.getByRole("tab", { name: client }).click();
    await page.getByLabel(`Quick setup for ${client}`).first().waitFor();
  }
  await inspect("persona-connect-sign-in");
  await page.getByRole("radio", { name: "Access key" }).click();
  await page.getByRole("tab", { name: "Claude Code" }).click();
  await button("Create a key for Claude Code").click();
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  await page.getByText("This is shown once.").waitFor();
  await page.getByRole("link", { name: "Apps", exact: true }).click();
  await page.getByText("Leave without saving it?").waitFor();
  await inspect("persona-key-unsaved");
  await button("Cancel").click();
  await page.getByLabel("I have saved it").click();
  await page.getByText(/claude mcp add --transport http sre-agent .*Bearer ap_/u).waitFor();
  for (const client of ["Cursor", "VS Code", "Raw HTTP"]) {
    await page.getByRole("tab", { name: client }).click();
    await page.getByLabel(`Quick setup for ${client}`).first().waitFor();
  }
  await inspect("persona-connect");
  await page.goto(page.url().replace(/#.*/u, "#/personas"));
  await page.getByText("SRE Agent").first().waitFor();
  await inspect("personas");
});

test("settings show relay and browsers; another browser is linked by comparing fingerprints", async () => {
  await page.goto(page.url().replace(/#.*/u, "#/settings"));
  await page.getByText("Test browser").first().waitFor();
  await inspect("settings");
  await button("Link another browser").click();
  await page
    .getByRole("dialog")
    .getByText(/\/pair#/u)
    .waitFor();
  await inspect("settings-link");
  const link = /http:\/\/\S+\/pair#[a-z2-7]+/u.exec(await page.getByRole("dialog").innerText())?.[0] ?? "";

  await using second = await openBrowser();
  await second.allow("http://localhost/*");
  const other = await second.openConsole("/welcome");
  await other.getByLabel("Pairing link or relay address").fill(link);
  await other.getByLabel("This browser's name").fill("Laptop");
  await other.getByRole("button", { name: "Pair this browser" }).click();
  await other.getByText(/Waiting for Test browser to confirm/u).waitFor();
  await page.getByText(/asks to be linked/u).waitFor();
  const here = fingerprintsIn(await page.getByRole("dialog").innerText());
  expect(here).toHaveLength(2);
  expect(fingerprintsIn(await other.locator("main").innerText())).toEqual(here);
  await inspect("settings-link-confirm");
  await inspect("welcome-1-waiting", other);
  await button("Fingerprints match, link it").click();
  await page
    .getByText(/is linked/u)
    .first()
    .waitFor();
  await expect.poll(async () => (await second.rows("personas")).length, { timeout: 15_000 }).toBe(1);
});

test("the popup lists the persona, pauses and resumes it, and survives without a relay", async () => {
  const popup = await browser.openPopup();
  await popup.getByText("SRE Agent").waitFor();
  await inspect("popup", popup);
  await popup.getByRole("button", { name: "Sign in elsewhere" }).click();
  await popup.getByText(/^\w{4}-\w{4}$/u).waitFor();
  await inspect("popup-sign-in-code", popup);
  await page.goto(page.url().replace(/#.*/u, "#/sign-ins"));
  await page.getByText("Nothing waits for you").waitFor();
  await inspect("sign-ins");
  await popup.getByRole("switch", { name: "SRE Agent is active" }).click();
  await popup.getByText("Paused").first().waitFor();
  await inspect("popup-paused", popup);
  await popup.getByRole("switch", { name: "SRE Agent is active" }).click();
  await popup.getByText("Paused").first().waitFor({ state: "hidden" });
  await relay.stop();
  await popup.getByText("Offline").first().waitFor();
  await inspect("popup-offline", popup);
  await popup.close();
});

test("no screen has a barrier that axe finds, in light or dark", () => {
  expect(barriers).toEqual([]);
});
