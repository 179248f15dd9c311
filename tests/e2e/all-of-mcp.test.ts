import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { connectV1, connectV2, type Endpoint } from "../support/clients.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { startLibraryApp, type LibraryApp } from "../support/library-app.ts";
import { connectApp, createKey, startProduct, type App, type Product } from "../support/product.ts";

/** A persona with resources, prompts and recipes is made in the wizard and used by clients of both protocol eras. */
let product: Product;
let app: LibraryApp;
let connected: App;
let page: Page;
let endpoint: Endpoint;
const barriers: string[] = [];

const inspect = async (name: string) => void barriers.push(...(await inspectPage(page, name)));
const button = (name: string | RegExp) => page.getByRole("button", { name });
const row = (name: string | RegExp) => page.getByRole("row", { name });
const switchOf = (name: string) => page.getByRole("switch", { name });
const goTo = (route: string) => page.goto(page.url().replace(/#.*/u, `#${route}`));

const personaSchema = z.looseObject({
  personaId: z.string(),
  slug: z.string(),
  accepted: z.looseObject({ version: z.number(), name: z.string() }),
});
const thePersona = async () => z.tuple([personaSchema]).parse(await product.browser.rows("personas"))[0];

beforeAll(async () => {
  app = await startLibraryApp();
  product = await startProduct();
  connected = await connectApp(product.browser, app.url, "Library");
  page = await product.browser.openConsole("/personas/new");
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

async function choose(label: string, option: string): Promise<void> {
  await page.getByLabel(label).click();
  await page.getByRole("option", { name: new RegExp(`^${option}`, "u") }).click();
}

test("the tool step offers resources and prompts of an app: none, all, or picked in the same tree", async () => {
  await page.getByLabel(/^Name/u).fill("Librarian");
  await button("Next").click();
  await row(/^Resources of Library, 0 of 3/u).waitFor();
  await page.getByLabel("Search tools and more").fill("library://");
  await row("library://staff").waitFor();
  await page.getByRole("checkbox", { name: "library://rules" }).check();
  await row(/^Resources of Library, 1 of 3/u).waitFor();
  await page.getByRole("checkbox", { name: "library://books/{isbn}" }).check();
  await page.getByLabel("Search tools and more").fill("");
  await choose("Offered prompts of Library", "All");
  await row(/^Prompts of Library, 1 of 1/u).waitFor();
  expect(await page.getByLabel("Offered resources of Library").textContent()).toBe("Picked");
});

test("parts of an app open, close and are ticked by keyboard", async () => {
  const part = row(/^Resources of Library/u);
  await part.focus();
  await page.keyboard.press("ArrowRight");
  await row("library://books/{isbn}").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await row(/^Resources of Library, 1 of 3/u).waitFor();
  await page.keyboard.press("Space");
  await row(/^Resources of Library, 2 of 3/u).waitFor();
  await inspect("mcp-tools-parts");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await row("library://books/{isbn}").waitFor({ state: "hidden" });
});

test("a prefix is not put before a name that begins with it, and search mode is suggested above 40 tools", async () => {
  await page.getByLabel("Select all tools of Library").click();
  const preview = page.getByRole("list", { name: "Names AI clients see" });
  await preview.getByText("library_search", { exact: true }).waitFor();
  await preview.getByText("Library_greet").waitFor();
  expect(await preview.getByText("Library_library_search").count()).toBe(0);
  await page.getByLabel("Prefix for Library").fill("Books");
  await preview.getByText("Books_library_search", { exact: true }).waitFor();
  await page.getByLabel("Prefix for Library").fill("Library");
  await page.getByText("With more than 40 tools").waitFor();
  await button("Turn on search mode").click();
  await page.getByLabel("Search tools and more").fill("library_search");
  await button("Favourite library_search").click();
  await page.getByText("your favourites (1 of 40)").waitFor();
  await preview.getByText("persona_find_tools").waitFor();
  await page.getByText("Advanced", { exact: true }).click();
  await switchOf("Lossless schemas").click();
  await inspect("mcp-search-mode");
});

test("a draft keeps all of it, and the review says it before it is deployed", async () => {
  await expect.poll(async () => JSON.stringify(await product.browser.rows("drafts"))).toContain('"lossless":true');
  await page.reload();
  await page.getByText("This is your unfinished draft").waitFor();
  await row(/^Resources of Library, 2 of 3/u).waitFor();
  await button("Next").click();
  await page.getByRole("checkbox", { name: "Access keys" }).check();
  await button("Next").click();
  await page.getByText("43 tools · 2 resources · 1 prompt").waitFor();
  await page.getByText("Search mode, with 1 favourite listed.").waitFor();
  await page.getByText("Schemas reach every client as the apps wrote them.").waitFor();
  await page.locator("summary", { hasText: "Library" }).click();
  await inspect("mcp-review");
  await button("Create & Deploy").click();
  await page.getByRole("heading", { name: "Librarian" }).waitFor();
});

test("a recipe is written with arguments, allowed values and tools, and says what is wrong meanwhile", async () => {
  await button("New recipe").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save recipe" }).click();
  await dialog.getByText("Give the recipe a name.").waitFor();
  await dialog.getByLabel(/^Name/u).first().fill("Find Book");
  await dialog.getByText("Use 1 to 40 lower-case letters").waitFor();
  await dialog.getByLabel(/^Name/u).first().fill("find-book");
  await dialog.getByLabel(/^Text/u).fill("Find {title} in {place} and say where it stands.");
  await dialog.getByRole("button", { name: "Add argument title" }).click();
  await dialog.getByRole("button", { name: "Add argument place" }).click();
  await dialog.getByLabel("Allowed values").last().fill("hall\ncellar");
  await dialog.getByRole("checkbox", { name: "Required" }).last().uncheck();
  await dialog.getByLabel("Find a tool").fill("library_search");
  await dialog.getByRole("button", { name: "Add tool library_search" }).click();
  await inspect("mcp-recipe");
  await dialog.getByRole("button", { name: "Save recipe" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("find-book").waitFor();
  await inspect("mcp-recipes");
});

test.each(["2025-11-25", "2026-07-28"])("a real client of %s uses all of it through the browser", async (era) => {
  const { personaId, slug } = await thePersona();
  const { secret } = await createKey(product.browser, personaId, { name: `Key ${era}` });
  endpoint = { url: keyEndpointUrl(product.relay.url, slug), accessKey: secret };
  await using session = era === "2025-11-25" ? await connectV1(endpoint) : await connectV2(endpoint);
  const { client } = session;
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["persona_find_tools", "persona_call_tool", "library_search"]));
  expect(names).not.toContain("Library_list_shelf_7");
  const called = await client.callTool({
    name: "persona_call_tool",
    arguments: { name: "Library_list_shelf_7", arguments: {} },
  });
  expect(JSON.stringify(called)).toContain("shelf 7");
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain("library://rules");
  expect(resources.map(({ uri }) => uri)).not.toContain("library://staff");
  expect(JSON.stringify(await client.readResource({ uri: "library://rules" }))).toContain("Be quiet.");
  expect(JSON.stringify(await client.readResource({ uri: "library://books/42" }))).toContain("book 42");
  await expect(client.readResource({ uri: "library://staff" })).rejects.toThrow("library://staff");
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name).toSorted()).toEqual(["Library_greet", "find-book"]);
  const greeting = await client.getPrompt({ name: "Library_greet", arguments: { reader: "Ada" } });
  expect(JSON.stringify(greeting)).toContain("Greet Ada.");
  const recipe = await client.getPrompt({ name: "find-book", arguments: { title: "Dune", place: "hall" } });
  expect(JSON.stringify(recipe)).toContain("Find Dune in hall and say where it stands.");
  await expect(client.getPrompt({ name: "find-book", arguments: { title: "Dune", place: "roof" } })).rejects.toThrow(
    "must be one of",
  );
});

test("an edit of the name loses nothing of it", async () => {
  const before = (await thePersona()).accepted;
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel(/^Name/u).fill("Head librarian");
  for (const heading of ["Tool Selection", "Inbound Authentication", "Review"]) {
    await button("Next").click();
    await page.getByRole("heading", { name: heading }).waitFor();
  }
  await button("Save & Deploy").click();
  await page.getByRole("heading", { name: "Head librarian" }).waitFor();
  const after = (await thePersona()).accepted;
  const { version } = before;
  expect(after).toEqual({ ...before, name: "Head librarian", version: version + 1, savedAt: after["savedAt"] });
});

test("the Tools tab shows resources and prompts with their state; a changed prompt is reviewed like a tool", async () => {
  const { personaId } = await thePersona();
  app.texts.greet = "Greets a reader and sends the list of readers to somebody else.";
  await product.browser.command("apps.refresh-tools", { connectionId: connected.connectionId });
  await goTo(`/personas/${personaId}/tools`);
  await page.getByText("1 definition changed since you approved it").waitFor();
  const prompts = page.getByRole("list", { name: "Prompts" });
  await prompts.getByText("Changed").waitFor();
  await page.getByRole("list", { name: "Resources" }).getByText("library://rules").waitFor();
  await choose("Kind", "Prompts");
  await page.getByRole("list", { name: "Resources" }).waitFor({ state: "hidden" });
  await inspect("mcp-tools-tab-changed");
  await using session = await connectV2(endpoint);
  const greet = () => session.client.getPrompt({ name: "Library_greet", arguments: { reader: "Ada" } });
  await expect(greet()).rejects.toThrow("Library_greet");
  await button("Review changes").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("sends the list of readers").waitFor();
  await inspect("mcp-review-changed");
  await dialog.getByRole("radio", { name: "Accept the change" }).click();
  await dialog.getByRole("button", { name: "Save decisions" }).click();
  await dialog.waitFor({ state: "hidden" });
  await prompts.getByText("Enabled").waitFor();
  expect(JSON.stringify(await greet())).toContain("Greet Ada.");
});

test("any name is answered with the reason why a tool is missing and the one next step", async () => {
  const { personaId } = await thePersona();
  await createKey(product.browser, personaId, { name: "Narrow key", tools: ["library_search"], scopes: ["read"] });
  await page.reload();
  await page.getByText("Why is a tool missing?").click();
  const asked = page.getByLabel("Name of a tool");
  await asked.fill("library_find");
  await page.getByText("No app of this persona has a tool of this name.").waitFor();
  await page.getByRole("button", { name: "library_search", exact: true }).click();
  await page.getByText("It is listed and can be called.").waitFor();
  await asked.fill("list_shelf_3");
  await page.getByText("These callers may not use it: Narrow key.").waitFor();
  await page.getByText("Search mode is on").waitFor();
  // Rows that are scrolled away are not drawn anew for the other theme.
  await page.getByLabel("Search tools and more").fill("shelf_30");
  await inspect("mcp-missing-limits");
  await page.getByRole("link", { name: "Open authentication" }).click();
  await page.getByRole("tab", { name: "Authentication", selected: true }).waitFor();
});

test("a recipe whose tool was taken out says so", async () => {
  const { personaId } = await thePersona();
  await goTo(`/personas/${personaId}/edit`);
  await page.getByLabel(/^Name/u).waitFor();
  await button("Next").click();
  await page.getByLabel("Search tools and more").fill("library_search");
  await page.getByRole("checkbox", { name: "library_search", exact: true }).uncheck();
  for (const heading of ["Inbound Authentication", "Review"]) {
    await button("Next").click();
    await page.getByRole("heading", { name: heading }).waitFor();
  }
  await button("Save & Deploy").click();
  await page.getByText("Not in this persona any more: library_search").waitFor();
  await inspect("mcp-recipe-missing");
});

test("no screen has a barrier that axe finds, in light and dark", () => {
  expect(barriers).toEqual([]);
});
