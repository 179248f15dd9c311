import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { connectV1, connectV2 } from "../support/clients.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, startProduct, type Deployed, type Product } from "../support/product.ts";
import { lostStops, walkFocus } from "../support/walk-focus.ts";

let app: PlainApp;
let product: Product;
let persona: Deployed;
let page: Page;
/** What axe found, of every screen in both themes. */
const barriers: string[] = [];

const inspect = async (name: string): Promise<void> => {
  barriers.push(...(await inspectPage(page, name)));
};

const go = (route: string) => page.goto(page.url().replace(/#.*/u, `#${route}`));
const button = (name: string | RegExp) => page.getByRole("button", { name });
const dialog = () => page.getByRole("dialog");
const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });

const resultSchema = z.object({ content: z.unknown(), isError: z.boolean().optional() });

/** What a tool answered, whichever client's type it has. */
function answerOf(result: unknown): { failed: boolean; text: string } {
  const { content, isError } = resultSchema.parse(result);
  return { failed: isError === true, text: JSON.stringify(content) };
}

const begun = () => app.executions.begun.get("echo") ?? 0;
const echo = () => ({ name: persona.names.get("echo") ?? "", arguments: { message: "hello" } });

beforeAll(async () => {
  app = await startPlainApp();
  product = await startProduct({ env: { RATE_LIMIT: "100" } });
  const { browser, relay } = product;
  const connected = await connectApp(browser, app.url, "Tracker");
  persona = await deploy(browser, relay, connected, { name: "SRE Agent", prefix: "Tracker", only: ["add", "echo"] });
  page = await browser.openConsole("/settings");
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("a key made with a budget of two calls answers the third with budget_exceeded", async () => {
  await go(`/personas/${persona.personaId}/authentication`);
  await button("Generate Key").first().click();
  await dialog().getByLabel(/^Name/u).fill("Nightly report");
  await dialog()
    .getByRole("checkbox", { name: /^Write/u })
    .check();
  await dialog().getByLabel("Calls a month").fill("two");
  await dialog().getByRole("button", { name: "Create key" }).click();
  await dialog().getByText("Enter a whole number").waitFor();
  await dialog().getByLabel("Calls a month").fill("2");
  await inspect("key-dialog-budget");
  expect(lostStops(await walkFocus(page, "Create key"))).toEqual([]);
  await dialog().getByRole("button", { name: "Create key" }).click();
  await page.getByText("Save your access key").waitFor();
  const secret = /ap_\w{6}_\w{43}_\w{6}/u.exec(await dialog().innerText())?.[0] ?? "";
  await page.getByLabel("I have saved it").check();
  await button("Done").click();

  const before = begun();
  await using connected = await connectV2({ url: persona.keyEndpoint, accessKey: secret });
  for (const _ of [1, 2]) expect(answerOf(await connected.client.callTool(echo())).failed).toBe(false);
  const third = answerOf(await connected.client.callTool(echo()));
  expect(third.failed).toBe(true);
  expect(third.text).toContain("budget_exceeded");
  expect(third.text).toContain("Nothing was executed");
  expect(begun() - before).toBe(2);

  await page.reload();
  await row("Nightly report").getByText("2 of 2 calls").waitFor();
  await row("Nightly report").getByText("Used up").waitFor();
  await page.getByText("A key's budget is used up.").waitFor();
  expect(await row("Nightly report").getByText("Never used").count()).toBe(0);
  await inspect("key-budget-used-up");
});

test("raising a key's budget is asked for, and holds for the next call", async () => {
  await button("Actions for key Nightly report").click();
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  await dialog().getByLabel("Calls a month").fill("3");
  await inspect("key-edit-budget");
  await dialog().getByRole("button", { name: "Save key" }).click();
  await page.getByRole("alertdialog").getByText("Let this key do more?").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Allow more" }).click();
  await row("Nightly report").getByText("2 of 3 calls").waitFor();
});

test("limits are set with the keyboard alone, and nobody gets beyond the relay's", async () => {
  await go("/settings");
  await page.getByRole("link", { name: "Rates and budgets" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "All your personas" }).waitFor();
  expect(lostStops(await walkFocus(page, "Limits of SRE Agent"))).toEqual([]);
  await button("Edit your limits").focus();
  await page.keyboard.press("Enter");
  await dialog().locator("input:focus").waitFor();
  await page.keyboard.type("101");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10");
  await page.keyboard.press("Tab");
  await page.keyboard.type("2.50");
  await page.keyboard.press("Enter");
  await dialog().getByText("The relay allows at most 100.").waitFor();
  await inspect("limits-dialog-problem");
  await dialog().getByLabel("Requests a minute").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("50");
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "hidden" });
  await page.getByText("50 requests a minute").waitFor();
  // The two calls of the key count for its person too.
  await page.getByText("2 of 10").waitFor();
  await page.getByText("of $2.50").waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Edit your limits");
  await inspect("limits");
});

test("the person is warned from eighty percent on", async () => {
  await using connected = await connectV2(await keyFor(product.browser, persona));
  for (let call = 0; call < 6; call += 1) await connected.client.callTool(echo());
  await page.reload();
  await page.getByText("8 of 10").waitFor();
  await page.getByText("Nearly used up").first().waitFor();
  await inspect("limits-nearly-used-up");
});

test("a price set in the tool step is shown to people and AI clients, and counts against budgets", async () => {
  await go(`/personas/${persona.personaId}/edit`);
  await page.getByLabel(/^Name/u).waitFor();
  await button("Next").click();
  await page.getByRole("heading", { name: "Tool Selection" }).waitFor();
  const show = button("Show tools of Tracker");
  if (await show.isVisible()) await show.click();
  await button("Definition of echo").click();
  await dialog().getByLabel("From (US cents)").fill("5");
  await dialog().getByLabel("Up to (US cents)").fill("2");
  await dialog().getByText("The lower end is above the upper end.").waitFor();
  await inspect("wizard-2-price");
  expect(lostStops(await walkFocus(page, "Close"))).toEqual([]);
  await page.keyboard.press("Enter");
  await button("Next").click();
  await page.getByText("Correct the prices").waitFor();
  await inspect("wizard-2-price-problem");
  await button("Definition of echo").click();
  await dialog().getByLabel("Up to (US cents)").fill("20");
  await page.keyboard.press("Escape");
  await button("Next").click();
  await page.getByRole("heading", { name: "Inbound Authentication" }).waitFor();
  await button("Next").click();
  await button("Save & Deploy").click();
  await page.getByRole("tab", { name: "Tools" }).click();
  await page.getByText("5–20 ¢ per call").waitFor();
  await inspect("persona-tools-prices");

  await using connected = await connectV1(await keyFor(product.browser, persona));
  const { tools } = await connected.client.listTools();
  expect(tools.find(({ name }) => name === echo().name)?.description).toContain("Price: 5 to 20 US cents per call.");
  expect(answerOf(await connected.client.callTool(echo())).failed).toBe(false);
  await go("/settings/limits");
  await page.reload();
  await page.getByText("$0.20 of $2.50").waitFor();
});

test("a persona's own rate reaches a client nobody here wrote as the tool's answer", async () => {
  await go(`/personas/${persona.personaId}/authentication`);
  await button("Edit limits").click();
  await dialog().getByLabel("Requests a minute").fill("1");
  await dialog().getByRole("button", { name: "Save limits" }).click();
  await page.getByText("1 request a minute").waitFor();
  await inspect("persona-limits");
  await using connected = await connectV1(await keyFor(product.browser, persona, { scopes: ["read"] }));
  const add = { name: persona.names.get("add") ?? "", arguments: { a: 1, b: 2 } };
  const answers = [await connected.client.callTool(add), await connected.client.callTool(add)].map(answerOf);
  expect(answers.at(-1)?.failed).toBe(true);
  expect(answers.at(-1)?.text).toContain("rate_limited");
  expect(answers.at(-1)?.text).toMatch(/Try again in \d+ seconds/u);
});

test("the limits page says so when the relay is away, and keeps what it showed", async () => {
  await go("/settings/limits");
  await page.getByText("of $2.50").waitFor();
  await product.relay.stop();
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor({ timeout: 30_000 });
  await page.getByText("of $2.50").waitFor();
  await inspect("limits-relay-away");
});

test("no screen has a barrier that axe finds, in light or dark", () => {
  expect(barriers).toEqual([]);
});
