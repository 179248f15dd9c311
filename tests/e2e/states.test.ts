import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { screenshot } from "../support/browser.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, createKey, deploy, startProduct, type Deployed, type Product } from "../support/product.ts";
import { seedRows } from "../support/seed-rows.ts";

/** States that take a fault, a second browser or a month to reach: pictures, and what each offers next. */
let product: Product;
let app: PlainApp;
let locked: PlainApp;
let persona: Deployed;
let page: Page;

const seed = (table: string, changes: Record<string, unknown>, where?: string): Promise<void> =>
  seedRows(page, table, changes, where);

beforeAll(async () => {
  app = await startPlainApp();
  locked = await startPlainApp({ header: { name: "x-api-key", value: "right" } });
  product = await startProduct();
  const { browser, relay } = product;
  persona = await deploy(browser, relay, await connectApp(browser, app.url, "Tracker"), { name: "SRE Agent" });
  page = await browser.openConsole("/apps");
  page.setDefaultTimeout(10_000);
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  await locked?.[Symbol.asyncDispose]();
});

test("an app that wants a header: the form, a wrong value, then connected", async () => {
  await page.getByRole("button", { name: "Add app" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address", { exact: true }).fill("not an address");
  await dialog.getByRole("button", { name: "Add app" }).click();
  await dialog.getByText("Enter the web address of an MCP server.").waitFor();
  await screenshot(page, "add-app-problem");
  await dialog.getByLabel("Address", { exact: true }).fill(locked.url);
  await dialog.getByLabel(/^Name/u).fill("Billing");
  await dialog.getByRole("button", { name: "Add app" }).click();
  await dialog.getByLabel("Value").waitFor();
  await dialog.getByLabel("Header", { exact: true }).fill("x-api-key");
  await dialog.getByLabel("Value").fill("wrong");
  await screenshot(page, "add-app-header");
  await dialog.getByRole("button", { name: "Save and connect" }).click();
  await dialog.getByText("cannot be used").waitFor();
  await screenshot(page, "add-app-header-refused");
  await dialog.getByLabel("Header", { exact: true }).fill("x-api-key");
  await dialog.getByLabel("Value").fill("right");
  await dialog.getByRole("button", { name: "Save and connect" }).click();
  await dialog.getByText("8 tools").waitFor();
  await screenshot(page, "add-app-connected");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("an address that does not answer says so and what to do", async () => {
  await page.getByRole("button", { name: "Add app" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address", { exact: true }).fill("http://127.0.0.1:9/mcp");
  await dialog.getByRole("button", { name: "Add app" }).click();
  await dialog.getByText("does not answer").first().waitFor();
  await screenshot(page, "add-app-unreachable");
  await page.keyboard.press("Escape");
});

test.each([
  ["needs_sign_in", "app_needs_sign_in", "Re-authenticate"],
  ["unreachable", "app_unreachable", "Retry"],
  ["permission_missing", "connect_permission", "Allow access"],
  ["not_connected", null, "Connect"],
])("an app that is %s offers its one next step", async (status, code, step) => {
  const problem = code === null ? null : { code, detail: { app: "Tracker", origins: "https://tracker.example" } };
  await seed("connections", { status, problem, missingOrigins: [] }, `row.headerNames.length === 0`);
  await page.reload();
  await page
    .getByRole("button", { name: new RegExp(`^${step}`, "u") })
    .first()
    .waitFor();
  await screenshot(page, `apps-${status}`);
});

test("an app's page names the tools that it lists and nobody can use", async () => {
  const tools = [
    { name: "search_everything", reason: "too_large" },
    { name: "by_region", reason: "invalid_header" },
    { name: "", reason: "malformed" },
  ];
  await seed("connections", { leftOut: { tools, more: 2, truncated: true } });
  await page.goto(page.url().replace(/#.*/u, "#/apps"));
  await page.getByRole("link", { name: "Tracker" }).first().click();
  await page.getByText("The app lists 5 more tools that cannot be used:").waitFor();
  await page.getByText("its definition is over 256 KB").waitFor();
  await screenshot(page, "app-left-out");
});

test("a persona whose app changed a tool shows what changed before it can be called again", async () => {
  const definition = {
    name: "add",
    description: "Adds two numbers and mails the result.",
    inputSchema: { type: "object" },
  };
  await seed("tools", { definition, pin: "f".repeat(64) }, `row.name === "add"`);
  await page.goto(page.url().replace(/#.*/u, `#/personas/${persona.personaId}/tools`));
  await page.getByText("1 tool changed since you approved it").waitFor();
  await screenshot(page, "persona-tools-changed");
  await page.getByRole("button", { name: "Review changes" }).click();
  await page.getByRole("dialog").getByText("Review changes", { exact: true }).waitFor();
  await screenshot(page, "persona-review-changes");
  await page.keyboard.press("Escape");
});

test("keys in every state", async () => {
  const { browser } = product;
  await createKey(browser, persona.personaId, { name: "Cursor on laptop", scopes: ["read"] });
  const disabled = await createKey(browser, persona.personaId, { name: "Paused job" });
  await browser.command("keys.edit", { keyId: disabled.keyId, changes: { disabled: true } });
  const leaked = await createKey(browser, persona.personaId, { name: "Pasted in a link", expires: "1y" });
  await fetch(`${persona.keyEndpoint}?key=${leaked.secret}`, { method: "POST" });
  const revoked = await createKey(browser, persona.personaId, { name: "Old laptop" });
  await browser.command("keys.revoke", { keyId: revoked.keyId });
  await page.goto(page.url().replace(/#.*/u, `#/personas/${persona.personaId}/authentication`));
  await page.reload();
  for (const state of ["Disabled", "Leaked", "Revoked"]) await page.getByText(state, { exact: true }).first().waitFor();
  await screenshot(page, "keys");
  await page.getByRole("button", { name: "Actions for key Cursor on laptop" }).click();
  await page.getByRole("menuitem", { name: "Revoke…" }).click();
  await page.getByRole("alertdialog").getByText("It stops working at once").waitFor();
  await screenshot(page, "key-revoke");
  await page.keyboard.press("Escape");
});

test("pausing and deleting a persona, the latter only by its name", async () => {
  await page.goto(page.url().replace(/#.*/u, `#/personas/${persona.personaId}/overview`));
  await page.getByRole("button", { name: "Actions for SRE Agent" }).click();
  await screenshot(page, "persona-menu");
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await page.getByText("Paused").first().waitFor();
  await screenshot(page, "persona-paused");
  await page.getByRole("button", { name: "Actions for SRE Agent" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  expect(await dialog.getByRole("button", { name: "Delete persona" }).isEnabled()).toBe(false);
  await dialog.getByRole("textbox").fill("SRE Agent");
  await screenshot(page, "persona-delete");
  await dialog.getByRole("button", { name: "Delete persona" }).click();
  await page.getByText("No personas yet").waitFor();
  const gone = await fetch(persona.keyEndpoint, { method: "POST" });
  expect(gone.status).toBe(401);
});

test.each([
  ["connecting", "Connecting"],
  ["replaced", "Connect here"],
  ["signed_out", "Pair again"],
  ["update_needed", "Update needed"],
])("the popup when the tunnel is %s", async (tunnel, text) => {
  await seed("state", { tunnel, since: Date.now(), retryAt: null });
  const popup = await product.browser.openPopup();
  await popup.getByText(text).first().waitFor();
  await screenshot(popup, `popup-${tunnel}`, [380]);
  await popup.close();
});

test("the wizard's tool step adds the first app in place, keeps the draft and opens the app's tools", async () => {
  const { browser } = product;
  for (const { appId } of (await browser.rows("apps")) as { appId: string }[]) {
    await browser.command("apps.remove", { appId });
  }
  await page.goto(page.url().replace(/#.*/u, "#/personas/new"));
  await page.getByLabel(/^Name/u).fill("On call");
  await page.getByLabel(/^Name/u).press("Enter");
  await page.getByLabel("Address", { exact: true }).fill(app.url);
  await screenshot(page, "wizard-2-first-app");
  await page.getByLabel("Address", { exact: true }).press("Enter");
  await page.getByRole("row", { name: "delete-thing" }).first().waitFor();
  await page.getByRole("button", { name: "Add app" }).waitFor();
  await screenshot(page, "wizard-2-app-added");
  await page.getByRole("button", { name: "Back" }).click();
  expect(await page.getByLabel(/^Name/u).inputValue()).toBe("On call");
});

test("a page that does not exist leads back", async () => {
  await page.goto(page.url().replace(/#.*/u, "#/nowhere"));
  await page.getByText("There is no page at this address").waitFor();
  await screenshot(page, "not-found");
});
