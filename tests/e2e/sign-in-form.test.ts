import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationClient } from "../support/authorization-server.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { startOAuthApp, type OAuthApp } from "../support/oauth-app.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, startProduct, type Product } from "../support/product.ts";
import { seedRows } from "../support/seed-rows.ts";
import { lostStops, walkFocus } from "../support/walk-focus.ts";

/** The form in which a person chooses who signs in at an app: in the panel of an account, and in its dialog. */
let product: Product;
let app: PlainApp;
let jobs: OAuthApp;
let page: Page;
let appId: string;
const barriers: string[] = [];

const inspect = async (name: string) => void barriers.push(...(await inspectPage(page, name)));
const button = (name: string | RegExp) => page.getByRole("button", { name });
const radio = (name: string) => page.getByRole("radio", { name, exact: true });
const problems = () => page.locator("[aria-invalid=true]");

/** The account as the background would have left it, and the app's page anew. */
async function open(changes: Record<string, unknown> = {}): Promise<void> {
  const problem = null;
  await seedRows(page, "connections", { status: "not_connected", problem, missingOrigins: [], ...changes });
  await page.goto(page.url().replace(/#.*/u, `#/apps/${appId}`));
  await page.reload();
  await page.getByRole("heading", { name: "Tracker" }).waitFor();
}

async function openDialog(): Promise<Locator> {
  await button("More actions for Default").click();
  await page.getByRole("menuitem", { name: "Other ways to sign in" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").first().waitFor();
  return dialog;
}

const focused = (): Promise<unknown> =>
  page.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent");

/** Writes down what the browser is asked to allow, and allows it. */
const watchAsked = (): Promise<unknown> =>
  page.evaluate(`window.asked = []; chrome.permissions.request = ({ origins }) => {
    window.asked.push(...origins, navigator.userActivation.isActive);
    return Promise.resolve(false);
  }`);

beforeAll(async () => {
  app = await startPlainApp();
  const client = applicationClient("nightly-job", { secret: "right", method: "client_secret_basic" });
  jobs = await startOAuthApp({ clients: [client] });
  product = await startProduct();
  ({ appId } = await connectApp(product.browser, app.url, "Tracker"));
  page = await product.browser.openConsole("/apps");
  page.setDefaultTimeout(10_000);
  await seedRows(page, "apps", { credential: "oauth" });
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  await jobs?.[Symbol.asyncDispose]();
});

test("in the panel each way shows what it needs, and its mistakes at their fields", async () => {
  await open();
  await button("Other ways to sign in").click();
  await expect.poll(focused).toBe("Your account");
  await inspect("sign-in-account");
  await page.getByLabel("Client secret").fill("kept");
  await button("Save and connect").click();
  await page.getByText("Enter the client ID.").waitFor();
  await expect.poll(focused).toBe("Client ID");
  await inspect("sign-in-account-problem");

  await radio("An application").click();
  expect(await problems().count()).toBe(0);
  expect(await page.getByLabel("Client secret", { exact: true }).inputValue()).toBe("kept");
  await inspect("sign-in-application");
  await radio("A private key").click();
  await button("Save and connect").click();
  await page.getByText("Enter the private key.").waitFor();
  await page.getByText("PEM (PKCS #8) or JWK. Encrypted in this browser").waitFor();
  expect(await problems().count()).toBe(2);
  await inspect("sign-in-application-problem");

  await radio("Your organisation").click();
  await page.getByLabel("Client secret", { exact: true }).last().fill("");
  await inspect("sign-in-organisation");
  await page.getByLabel("Issuer address").fill("http://login.example");
  await page.getByLabel("Issuer address").press("Enter");
  await page.getByText("Enter the identity provider's https address.").waitFor();
  expect(await problems().count()).toBe(2);
  await expect.poll(focused).toBe("Issuer address");
  await inspect("sign-in-organisation-problem");

  await button("Cancel").click();
  await expect.poll(focused).toBe("Other ways to sign in");
});

test("an app that registers nobody asks for the client ID, at once and wherever it is left out", async () => {
  const detail = { app: "Tracker", uri: "https://other.example/callback" };
  await open({ problem: { code: "connect_client_rejected", detail } });
  await page.getByText("https://other.example/callback").waitFor();
  await button("Save and connect").click();
  await expect.poll(focused).toBe("Client ID");
  await page.getByText("Enter the client ID.").waitFor();
  await inspect("sign-in-client-rejected");
});

test("in the dialog the way in use is chosen, and Tab reaches every field of it", async () => {
  const signIn = { kind: "enterprise_managed", issuer: "https://login.example", clientId: "personas" };
  await open({ status: "connected", signIn, signedIn: signIn });
  await page.getByText("Through login.example").waitFor();
  expect(await page.getByText("From the next sign-in").count()).toBe(0);
  const dialog = await openDialog();
  await expect.poll(focused).toBe("Your organisation");
  expect(await dialog.getByLabel("Issuer address").inputValue()).toBe("https://login.example");
  await inspect("sign-in-dialog-organisation");
  await dialog.getByLabel("Issuer address").fill("");
  await button("Save and connect").click();
  await inspect("sign-in-dialog-organisation-problem");
  await radio("Your organisation").focus();
  const stops = await walkFocus(page, "Save and connect");
  expect(lostStops(stops)).toEqual([]);
  expect(stops.map(({ name }) => name)).toEqual([
    "Issuer address",
    "Redirect URI",
    "Copy redirect URI",
    "Client ID",
    "Client secret",
    "Client ID",
    "Client secret",
    "Save and connect",
  ]);
  await radio("Your organisation").focus();
  // Held as long as a finger does: a radio group takes the key's end for the end of its choice.
  await page.keyboard.down("ArrowUp");
  await expect.poll(() => radio("An application").isChecked()).toBe(true);
  await page.keyboard.up("ArrowUp");
  await inspect("sign-in-dialog-application");
  await page.keyboard.press("Tab");
  await page.keyboard.type("nightly-job");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Client secret");
  await inspect("sign-in-dialog-application-problem");
  await radio("Your account").click();
  await inspect("sign-in-dialog-account");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("what was chosen and refused is told from what is in use, may be tried again and forgotten", async () => {
  const signIn = { kind: "client_credentials" };
  const problem = { code: "connect_client_refused", detail: { app: "Tracker" } };
  await open({ status: "needs_sign_in", signIn, problem, issuer: "https://auth.example" });
  await page.getByText("From the next sign-in").waitFor();
  await page.getByText("auth.example gets this, and nobody else.").waitFor();
  await button("Try again with what is saved").waitFor();
  await inspect("sign-in-refused-before");
  const moved = { code: "connect_server_changed", detail: { app: "Tracker", server: "https://new.example" } };
  await open({ status: "needs_sign_in", signIn, signedIn: signIn, problem: moved, issuer: "https://auth.example" });
  await page.getByText("new.example gets this, and nobody else.").waitFor();
  await inspect("sign-in-server-changed");
  await open({ status: "connected", signIn: undefined, signedIn: signIn, problem: null });
  await page.getByText("With your account").waitFor();
  await open({ status: "not_connected", signIn, signedIn: undefined, problem: null });
  await button("More actions for Default").click();
  const disconnect = page.getByRole("menuitem", { name: "Disconnect" });
  expect(await disconnect.getAttribute("data-disabled")).toBeNull();
  await page.keyboard.press("Escape");
});

test("the click asks the browser for the identity provider's origin together with the app's", async () => {
  await open();
  await watchAsked();
  await button("Other ways to sign in").click();
  await radio("Your organisation").click();
  await page.getByLabel("Issuer address").fill("not an address");
  await page.getByLabel("Client ID").first().fill("personas");
  await button("Save and connect").click();
  await page.getByText("Enter the identity provider's https address.").waitFor();
  expect(await page.evaluate("window.asked")).toEqual([]);
  await page.getByLabel("Issuer address").fill("login.example/tenant");
  await button("Save and connect").click();
  // Nobody allowed it: nothing was saved, and nothing typed is gone.
  await button("Allow access").waitFor();
  expect(await page.evaluate("window.asked")).toEqual(["http://127.0.0.1/*", "https://login.example/*", true]);
  expect(await page.getByLabel("Issuer address").inputValue()).toBe("login.example/tenant");
  await inspect("sign-in-organisation-refused");
});

test("Re-authenticate asks for the identity provider's origin too", async () => {
  const signIn = { kind: "enterprise_managed", issuer: "https://login.example", clientId: "personas" };
  await open({ status: "needs_sign_in", problem: { code: "app_needs_sign_in", detail: { app: "Tracker" } }, signIn });
  await watchAsked();
  await button("Re-authenticate").click();
  await page.getByText("The browser's permission is missing").waitFor();
  expect(await page.evaluate("window.asked")).toEqual(["http://127.0.0.1/*", "https://login.example/*", true]);
});

test("a key or client that cannot be used is corrected where it was entered, until the application is connected", async () => {
  await page.goto(page.url().replace(/#.*/u, "#/apps"));
  await page.reload();
  await button("Add app").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address", { exact: true }).fill(jobs.url);
  await dialog.getByLabel(/^Name/u).fill("Jobs");
  await dialog.getByLabel(/^Name/u).press("Enter");
  await button("Other ways to sign in").click();
  await radio("An application").click();
  await dialog.getByLabel("Client ID").fill("nightly-job");
  await radio("A private key").click();
  await dialog.getByLabel("Private key", { exact: true }).fill("-----BEGIN PUBLIC KEY-----");
  await button("Save and connect").click();
  await expect.poll(focused).toBe("Private key");
  await inspect("sign-in-key-invalid");
  expect(await problems().count()).toBe(1);

  await radio("A client secret").click();
  await dialog.getByLabel("Client secret", { exact: true }).fill("wrong");
  await dialog.getByLabel("Client secret", { exact: true }).press("Enter");
  await dialog.getByText("The client was refused").waitFor();
  expect(await dialog.getByLabel("Client ID").inputValue()).toBe("nightly-job");
  expect(await dialog.getByText("What was saved before").count()).toBe(0);
  await inspect("sign-in-client-refused");
  await dialog.getByLabel("Client secret", { exact: true }).fill("right");
  await button("Save and connect").click();
  await dialog.getByText("8 tools").waitFor();
  await button("Open Jobs").click();
  await page.getByText("As an application").waitFor();
  await inspect("app-signed-in-as-application");
});

test("axe finds no barrier in any of them", () => {
  expect(barriers).toEqual([]);
});
