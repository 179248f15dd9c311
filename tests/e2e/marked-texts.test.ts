import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HARM, HIDDEN, MARKED, startMarkedApp, type MarkedApp } from "../support/marked-app.ts";
import { connectApp, deploy, startProduct, type App, type Deployed, type Product } from "../support/product.ts";

/** What apps and recipes say is text on every page of the console: no element, no script, nothing that cannot be seen. */
let product: Product;
let app: MarkedApp;
let connected: App;
let persona: Deployed;
let page: Page;

beforeAll(async () => {
  app = await startMarkedApp();
  product = await startProduct();
  connected = await connectApp(product.browser, app.url, "Marked");
  const recipe = { name: "marked", description: MARKED, text: `${MARKED} {who}`, tools: [] };
  const who = { name: "who", description: MARKED, required: true, values: [MARKED] };
  persona = await deploy(product.browser, product.relay, connected, {
    name: "Marked",
    offers: { resources: "all", prompts: "all" },
    recipes: [{ ...recipe, arguments: [who] }],
  });
  page = await product.browser.openConsole("/personas");
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

const goTo = (route: string) => page.goto(page.url().replace(/#.*/u, `#${route}`));
const markup = () => page.getByText('onerror="window', { exact: false });
const codePoints = () => page.locator("mark", { hasText: /^U\+(?:202E|200B|0007)$/u });

/** Nothing of what was written has become part of the page, in the text or in what screen readers hear. */
async function expectHarmless(): Promise<void> {
  const found = await page.evaluate(
    ({ harm, hidden }) => {
      const texts = [...document.querySelectorAll("*")].flatMap((element) => [
        ...[...element.childNodes].filter((node) => node instanceof Text).map(({ data }) => data),
        ...[...element.attributes].map(({ value }) => value),
      ]);
      return {
        elements: document.getElementsByClassName(harm).length,
        ran: harm in window,
        unseen: texts.filter((text) => hidden.some((character) => text.includes(character))),
      };
    },
    { harm: HARM, hidden: [...HIDDEN] },
  );
  expect(found).toEqual({ elements: 0, ran: false, unseen: [] });
}

test("the page of an app shows what its tools say as text, and marks what nobody could see", async () => {
  await goTo(`/apps/${connected.appId}`);
  const row = page.getByRole("button", { name: /^look/u });
  await row.waitFor();
  await expectHarmless();
  await row.click();
  await codePoints().first().waitFor();
  expect(await codePoints().allTextContents()).toEqual(["U+202E", "U+200B", "U+0007"]);
  expect(await markup().count()).toBeGreaterThan(0);
  await expectHarmless();
});

test("a persona's tools, resources and prompts are text in its lists and in their definitions", async () => {
  await goTo(`/personas/${persona.personaId}/tools`);
  const definitions = page.getByRole("button", { name: /^Definition of/u });
  await expect.poll(() => definitions.count()).toBe(3);
  await expectHarmless();
  for (const button of await definitions.all()) {
    await button.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("This text contains").waitFor();
    const marks = await dialog.locator("mark").allTextContents();
    expect(marks).toEqual(expect.arrayContaining(["U+202E", "U+200B", "U+0007"]));
    await expectHarmless();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
});

test("recipes are text where they are listed and where they are written", async () => {
  await goTo(`/personas/${persona.personaId}/overview`);
  const recipes = page.getByRole("list", { name: "Recipes" });
  await recipes.getByText('onerror="window').first().waitFor();
  expect(await recipes.locator("mark").allTextContents()).toEqual(expect.arrayContaining(["U+202E", "U+200B"]));
  await expectHarmless();
  await recipes.getByRole("button", { name: /^Edit/u }).click();
  await page.getByRole("dialog").waitFor();
  expect(await page.getByRole("dialog").locator(`.${HARM}`).count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
});

test("the tool step lists them as text", async () => {
  await goTo(`/personas/${persona.personaId}/edit`);
  await page.getByLabel(/^Name/u).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Search tools and more").fill("bold");
  for (const name of [/^look/u, /^marked:/u, /^ask/u]) {
    await page.getByRole("row", { name }).first().waitFor();
  }
  await expectHarmless();
});

test("a changed definition is compared as text", async () => {
  app.texts.more = `And ${MARKED}`;
  await product.browser.command("apps.refresh-tools", { connectionId: connected.connectionId });
  await goTo(`/personas/${persona.personaId}/tools`);
  await page.getByRole("button", { name: "Review changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("mark", { hasText: "U+202E" }).first().waitFor();
  await expectHarmless();
});
