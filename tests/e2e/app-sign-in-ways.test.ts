import { generateKeyPairSync } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt, exportJWK } from "jose";
import type { BrowserContext, Locator } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startCapturingProxy } from "../support/frames.ts";
import { startIdentityProvider, type IdentityProvider } from "../support/identity-provider.ts";
import { asApplication, startMachineApp } from "../support/machine-app.ts";
import type { OAuthApp } from "../support/oauth-app.ts";
import { startOrganisationApp, throughProvider } from "../support/organisation-app.ts";
import { startProduct, type Product } from "../support/product.ts";
import { connectAndPublish, publish } from "../support/sign-in-way-world.ts";

const SECRET = "s3cret/of+the=application and more";
const PROVIDER_SECRET = "an-idp-secret-of-some-length";

/** Seconds that tokens live here: calls meet their real ends. */
const SHORT = 5;

const connectionSchema = z.object({ appId: z.string(), connectionId: z.string() });

const startProviderFor = (product: Product, refreshTokens: boolean): Promise<IdentityProvider> =>
  startIdentityProvider({
    redirectUri: `https://${product.browser.extensionId}.chromiumapp.org/oauth/provider`,
    clientSecret: PROVIDER_SECRET,
    idTokenTtl: 60,
    refreshTokens,
  });

/** Until the newest token of a server has really ended. */
async function outlive(tokens: readonly string[]): Promise<void> {
  const { exp = 0 } = decodeJwt(tokens.at(-1) ?? "");
  await expect.poll(() => Date.now() / 1_000 > exp, { timeout: 15_000 }).toBe(true);
}

/** Types an account in the window that a sign-in opens. */
async function signInAs(account: string, context: BrowserContext, { issuer }: IdentityProvider): Promise<void> {
  const form = await context.waitForEvent("page", { predicate: (page) => page.url().startsWith(issuer) });
  await form.getByLabel("Account").fill(account);
  await form.getByRole("button", { name: "Sign in" }).click();
}

async function visit(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await page.close();
}

test("20 calls across the end of an application's token: one token request each time, no window, no failure", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = { publicKey: await exportJWK(publicKey), alg: "ES256" as const };
  await using app = await startMachineApp(credential, SHORT);
  await using product = await startProduct();
  const world = { relay: product.relay, device: product.browser };
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await using caller = await connectAndPublish(world, app.url, asApplication({ privateKey: pem }));
  const { counters, issued } = app.authorization;
  const messages = Array.from({ length: 20 }, (_, index) => `call ${index}`);
  expect(await caller.call("warm")).toBe("warm");
  await outlive(issued.accessTokens);
  // Refused is the very first request alone, for the browser's own Origin.
  const before = { ...counters };
  expect(await Promise.all(messages.map((message) => caller.call(message)))).toEqual(messages);
  expect(counters).toEqual({ ...before, clientTokens: before.clientTokens + 1 });
  await product.browser.killWorker();
  await outlive(issued.accessTokens);
  expect(await caller.call("after the worker")).toBe("after the worker");
  expect(counters.clientTokens).toBe(before.clientTokens + 2);
  expect(app.seenSubjects).toEqual(new Set(["robot"]));
});

test("a person signs in once at the provider for two apps, whose tokens are renewed until the account ends", async () => {
  await using product = await startProduct();
  const { browser, relay } = product;
  const world = { relay, device: browser };
  await using idp = await startProviderFor(product, false);
  await using one = await startOrganisationApp(idp, { accessTokenTtl: SHORT });
  await using other = await startOrganisationApp(idp, { accessTokenTtl: SHORT });
  const signingIn = signInAs("ada", browser.context, idp);
  await using caller = await connectAndPublish(world, one.url, throughProvider(idp, one.client));
  await signingIn;
  await using second = await connectAndPublish(world, other.url, throughProvider(idp, other.client));
  expect([await caller.call("one"), await second.call("other")]).toEqual(["one", "other"]);
  expect(idp.counters).toMatchObject({ codes: 2, logins: 1, refusedExchanges: 0 });

  await outlive(one.authorization.issued.accessTokens);
  const before = idp.counters.exchanges;
  expect(await caller.call("renewed")).toBe("renewed");
  expect(idp.counters).toMatchObject({ exchanges: before + 1, logins: 1 });
  // What was signed in with is gone; the session is not.
  await idp.endSession("ada");
  await visit(browser.context, idp.loginUrl("ada"));
  await browser.killWorker();
  await outlive(one.authorization.issued.accessTokens);
  expect(await caller.call("by the session")).toBe("by the session");
  expect(idp.counters.logins).toBe(1);

  await visit(browser.context, idp.loginUrl("bob"));
  await idp.deny("ada");
  for (const app of [one, other]) await outlive(app.authorization.issued.accessTokens);
  const executed = [one, other].map(({ executions }) => executions.begun.get("echo"));
  expect([await caller.call("after"), await second.call("after")]).toEqual(["app_needs_sign_in", "app_needs_sign_in"]);
  expect([one, other].map(({ executions }) => executions.begun.get("echo"))).toEqual(executed);
  expect([...one.seenSubjects, ...other.seenSubjects]).toEqual(["ada", "ada"]);
});

test("chosen in the console: the organisation's refusal is told, its leave connects, and the end of the account shows", async () => {
  await using product = await startProduct();
  const { browser, relay } = product;
  await using idp = await startProviderFor(product, false);
  await using app = await startOrganisationApp(idp, { accessTokenTtl: SHORT });
  app.unassign();
  const page = await browser.openConsole("/apps");
  page.setDefaultTimeout(10_000);
  const button = (name: string): Locator => page.getByRole("button", { name });
  await button("Add app").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address", { exact: true }).fill(app.url);
  await dialog.getByLabel(/^Name/u).fill("Payroll");
  await dialog.getByLabel(/^Name/u).press("Enter");
  await button("Other ways to sign in").click();
  await page.getByRole("radio", { name: "Your organisation" }).click();
  await dialog.getByLabel("Issuer address").fill(idp.issuer);
  const [atProvider, atApp] = [{ clientSecret: "", ...idp.client }, app.client];
  for (const [index, { clientId, clientSecret }] of [atProvider, atApp].entries()) {
    await dialog.getByLabel("Client ID").nth(index).fill(clientId);
    await dialog.getByLabel("Client secret", { exact: true }).nth(index).fill(clientSecret);
  }
  const signingIn = signInAs("ada", browser.context, idp);
  await button("Save and connect").click();
  await signingIn;
  await dialog.getByText("Your organisation did not allow it").waitFor();
  expect(idp.counters).toMatchObject({ logins: 1, exchanges: 0, refusedExchanges: 1 });
  app.assign();
  await button("Save and connect").click();
  await dialog.getByText("8 tools").waitFor();
  expect(idp.counters).toMatchObject({ logins: 1, exchanges: 1 });
  await button("Open Payroll").click();
  await page.getByText(`Through ${new URL(idp.issuer).host}`).waitFor();

  const [connection] = z.array(connectionSchema).parse(await browser.rows("connections"));
  if (connection === undefined) throw new Error("There is no connection.");
  await using caller = await publish({ relay, device: browser }, connection);
  expect(await caller.call("from the console")).toBe("from the console");
  await idp.deny("ada");
  await outlive(app.authorization.issued.accessTokens);
  expect(await caller.call("after")).toBe("app_needs_sign_in");
  await button("Re-authenticate").first().waitFor();
  expect(app.executions.begun.get("echo")).toBe(1);
});

test("the secrets of both ways are found in no database, log or frame, and in clear nowhere on disk", async () => {
  await using proxy = await startCapturingProxy();
  await using product = await startProduct({ publicUrl: proxy.url, onListening: (port) => (proxy.target.port = port) });
  const { browser, relay } = product;
  const world = { relay, device: browser };
  await using idp = await startProviderFor(product, true);
  await using managed = await startOrganisationApp(idp);
  await using machine = await startMachineApp({ secret: SECRET, method: "client_secret_basic" });
  await visit(browser.context, idp.loginUrl("ada"));
  const signIns: [OAuthApp, Record<string, unknown>][] = [
    [machine, asApplication({ clientSecret: SECRET })],
    [managed, throughProvider(idp, managed.client)],
  ];
  for (const [app, signIn] of signIns) {
    await using caller = await connectAndPublish(world, app.url, signIn);
    expect(await caller.call("marker-1")).toBe("marker-1");
    await app.authorization.revokeAll();
    expect(await caller.call("marker-2")).toBe("marker-2");
  }
  const secrets = [
    SECRET,
    PROVIDER_SECRET,
    managed.client.clientSecret,
    ...Object.values(idp.issued).flat(),
    ...signIns.flatMap(([app]) => app.authorization.issued.accessTokens),
  ];
  expect(Object.values(idp.issued).map((kind) => kind.length > 0)).toEqual([true, true, true, true]);
  const database = (await relay.databaseBytes()).toString("latin1");
  await browser.context.close();
  const places = {
    "the relay's database": database,
    "the relay's log": relay.log.join("\n"),
    "the wire": proxy.everything(),
    "the browser's profile": await readFolder(join(browser.profile, "Default", "IndexedDB")),
  };
  expect(places["the wire"]).toContain("marker-2");
  expect(places["the relay's log"].length).toBeGreaterThan(500);
  expect(places["the browser's profile"]).toContain(new URL(idp.issuer).host);
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets)
      expect([place, secret, text.includes(secret.slice(-24))]).toEqual([place, secret, false]);
  }
});

async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
  return Buffer.concat(contents).toString("latin1");
}
