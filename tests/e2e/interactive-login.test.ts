import { AxeBuilder } from "@axe-core/playwright";
import { grantsSchema, signInCodeSchema, type Grant } from "@agent-personas/shared/api/grants";
import { UnauthorizedError } from "@modelcontextprotocol/client";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { screenshot } from "../support/browser.ts";
import { startCallbackListener } from "../support/callback-listener.ts";
import { continueHere, decide, signInByExtension } from "../support/browser-sign-in.ts";
import { signInCodex, signInInspector, signInMcpRemote, signInOpencode } from "../support/client-programs.ts";
import { createCookieJar } from "../support/cookie-jar.ts";
import { DOCUMENTS } from "../scenarios/registration-fixtures.ts";
import { startDocumentNetwork, type DocumentNetwork } from "../support/document-network.ts";
import {
  authorizeUrl,
  discover,
  listTools,
  redeem,
  refresh,
  register,
  type ServerMetadata,
} from "../support/oauth-client.ts";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import {
  connectApp,
  deploy,
  startProduct,
  waitFor,
  type App,
  type Deployed,
  type Product,
} from "../support/product.ts";
import { signInV1, signInV2 } from "../support/sdk-sign-in.ts";
import { sendForm, textOf, walk } from "../support/sign-in.ts";

const clock = { ahead: 0 };
let internet: DocumentNetwork;
let product: Product;
let app: PlainApp;
let connected: App;
let persona: Deployed;
let metadata: ServerMetadata;

const echo = (of = persona): string => of.names.get("echo") ?? "missing";
const saying = (message: string) => ({ content: [{ type: "text", text: message }] });
/** The person of this browser, who allows what an AI client opens. */
const open = async (url: string): Promise<void> => void (await signInByExtension(product.browser.context, url));

beforeAll(installClients, INSTALL_MS);

beforeAll(async () => {
  app = await startPlainApp();
  internet = await startDocumentNetwork(DOCUMENTS);
  product = await startProduct({ network: internet.network, now: () => Date.now() + clock.ahead });
  connected = await connectApp(product.browser, app.url, "Test App");
  persona = await deployInteractive("SRE Agent");
  ({ metadata } = await discover(persona.endpoint));
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await internet?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("SDK v2 finds its way from the bare address to a call, in both eras", async () => {
  for (const mode of ["auto", "legacy"] as const) {
    await using client = await signInV2(persona.endpoint, `SDK v2 ${mode}`, open, mode);
    const { tools } = await client.client.listTools();
    expect(tools.map(({ name }) => name)).toContain(echo());
    const answer = await client.client.callTool({ name: echo(), arguments: { message: mode } });
    expect(answer).toMatchObject(saying(mode));
  }
});

test("SDK v1 finds its way from the bare address to a call", async () => {
  await using client = await signInV1(persona.endpoint, "SDK v1", open);
  const answer = await client.client.callTool({ name: echo(), arguments: { message: "v1" } });
  expect(answer).toMatchObject(saying("v1"));
  expect((await grants(persona)).map((grant) => grant.client.name)).toContain("SDK v1");
});

test("the inspector's command line signs in and calls", async () => {
  const call = ["--method", "tools/call", "--tool-name", echo(), "--tool-arg", "message=inspected"];
  expect(await signInInspector(persona.endpoint, open, call)).toMatchObject(saying("inspected"));
});

test("mcp-remote signs in for a host that knows only standard input", async () => {
  await using bridge = await signInMcpRemote(persona.endpoint, open);
  const answer = await bridge.client.callTool({ name: echo(), arguments: { message: "bridged" } });
  expect(answer).toMatchObject(saying("bridged"));
});

test("Codex signs in on adding the endpoint, known by its document", async () => {
  expect(await signInCodex(persona.endpoint, open)).toContain('"auth_status": "o_auth"');
  expect(internet.asked).toContain("https://chatgpt.com/oauth/codex/client.json");
});

test("opencode signs in, connects and lists", async () => {
  expect(await signInOpencode(persona.endpoint, open)).toMatch(/relay.*connected/u);
});

test("sign-in and consent are readable in both themes and at both widths, without a barrier", async () => {
  const barriers: string[] = [];
  const { url } = await asked({ client_name: "Cursor", redirect_uris: ["cursor://anysphere.cursor-mcp/callback"] });
  const see = async (page: Page, name: string): Promise<void> => {
    await screenshot(page, `interactive-${name}`);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      barriers.push(...violations.map(({ id, nodes }) => `${name} ${colorScheme} ${id}: ${nodes[0]?.html ?? ""}`));
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  };
  await signInByExtension(product.browser.context, url, { see });
  expect(barriers).toEqual([]);
});

test("the browser is led to a program's own scheme, after a warning that names it", async () => {
  const redirectUri = "agent-personas-test://back/oauth/callback";
  const request = await asked({ client_name: "Editor", redirect_uris: [redirectUri] });
  const page = await product.browser.context.newPage();
  const visited: string[] = [];
  page.on("request", (sent) => visited.push(sent.url()));
  await page.goto(request.url);
  await continueHere(page);
  await page.getByText("Whichever program opens agent-personas-test: links").waitFor();
  const back = await decide(page);
  expect(back.href.startsWith(`${redirectUri}?`)).toBe(true);
  // A policy that kept the form from returning there would end the chain one step earlier.
  await expect.poll(() => visited.at(-1)).toBe(back.href);
  await page.close();
  const tokens = await redeem(metadata, { ...request, redirectUri, code: back.searchParams.get("code") ?? "" });
  expect((await listTools(persona.endpoint, tokens.access_token)).names).toContain(echo());
});

test("what a client calls itself is shown as text, on one line and in its own direction", async () => {
  const name = `<img src=x onerror=alert(1)>\u202Egnp.exe\n\u0000Cl\u0430ude ${"x".repeat(2_000)}`;
  const { url } = await asked({ client_name: name, redirect_uris: ["https://hostile.example/back"] });
  const dialogs: string[] = [];
  await signInByExtension(product.browser.context, url, {
    decide: "Deny",
    see: async (page) => {
      page.on("dialog", (dialog) => void (dialogs.push(dialog.message()), dialog.dismiss()));
      const main = page.getByRole("main");
      expect(await main.locator("img").count()).toBe(0);
      const shown = await main.innerText();
      expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
      expect(shown).toContain("hostile.example");
      expect(shown.length).toBeLessThan(3_000);
    },
  });
  expect(dialogs).toEqual([]);
});

test("two sign-ins at once in one browser both end, after going back and reloading", async () => {
  await using callback = await startCallbackListener();
  const redirect_uris = [callback.url];
  const [first, second] = [await asked({ redirect_uris }), await asked({ redirect_uris })];
  const { context } = product.browser;
  const [one, two] = [await context.newPage(), await context.newPage()];
  await one.goto(first.url);
  await two.goto(second.url);
  await continueHere(one);
  await continueHere(two);
  await one.reload();
  await two.goBack();
  await two.goForward();
  const ends = new Map<string, string>();
  for (const [page, { state }] of [
    [two, second],
    [one, first],
  ] as const) {
    const back = await decide(page);
    ends.set(state, back.searchParams.get("state") ?? "none");
    expect(back.searchParams.has("code")).toBe(true);
  }
  expect([...ends].every(([sent, returned]) => sent === returned)).toBe(true);
  await Promise.all([one.close(), two.close()]);
});

test("two personas of one client in one browser stay connected, and revoking one leaves the other", async () => {
  const second = await deployInteractive("Writer");
  await using toFirst = await signInV2(persona.endpoint, "Twice", open);
  await using toSecond = await signInV2(second.endpoint, "Twice", open);
  const call = (of: typeof toFirst, target: Deployed) =>
    of.client.callTool({ name: echo(target), arguments: { message: target.slug } });
  expect(await call(toFirst, persona)).toMatchObject(saying(persona.slug));
  expect(await call(toSecond, second)).toMatchObject(saying(second.slug));

  const [grant] = (await grants(second)).filter(({ client }) => client.name === "Twice");
  await product.browser.command("grants.revoke", { grantId: grant?.grantId ?? "" });
  const refused = await listTools(second.endpoint, toSecond.tokens()?.access_token ?? "");
  expect(refused.status).toBe(401);
  expect(await call(toFirst, persona)).toMatchObject(saying(persona.slug));
  expect((await listTools(second.endpoint, toFirst.tokens()?.access_token ?? "")).status).toBe(401);
});

test("at the bare relay the person chooses the persona, and the client gets that one", async () => {
  const chosen = await deployInteractive("Chosen Agent");
  await using client = await signInV2(`${product.relay.url}/mcp`, "Bare", async (url) => {
    await signInByExtension(product.browser.context, url, { persona: "Chosen Agent", see: picturePersonas });
  });
  const answer = await client.client.callTool({ name: echo(chosen), arguments: { message: "bare" } });
  expect(answer).toMatchObject(saying("bare"));
  expect((await grants(chosen)).map((grant) => grant.client.name)).toEqual(["Bare"]);
});

test("a client that was given less asks for more when a call needs it, and goes on once allowed", async () => {
  await using client = await signInV2(persona.endpoint, "Careful", openToRead);
  expect(client.tokens()?.scope).toBe("read");
  const sum = await client.client.callTool({ name: persona.names.get("add") ?? "", arguments: { a: 2, b: 3 } });
  expect(sum).toMatchObject(saying("5"));
  // The app does not call its echo read-only.
  const write = () => client.client.callTool({ name: echo(), arguments: { message: "more" } });
  await expect(write()).rejects.toThrow(UnauthorizedError);
  await client.ask(openAsAsked);
  expect(await write()).toMatchObject(saying("more"));
});

test("a code typed by a stranger gets nothing until the person allows it", async () => {
  const redirectUri = "http://127.0.0.1:46222/callback";
  for (const allow of [false, true]) {
    const request = await asked({ client_name: "Stranger", redirect_uris: [redirectUri] });
    const jar = createCookieJar();
    const start = await walk(request.url, jar);
    const { code } = signInCodeSchema.parse(await product.browser.command("sign-ins.code", { fresh: true }));
    const typed = await sendForm(start.page, jar, { field: "code", values: { code } });
    expect(textOf(typed.page.html)).toContain("Allow it in your other browser");
    // Nobody has allowed anything: asking again changes nothing.
    const again = await walk(typed.page.url, jar);
    expect([again.left, again.page.forms.some(hasAllow)]).toEqual([null, false]);

    await waitFor("the sign-in to show here", async () => (await product.browser.rows("signIns")).length > 0);
    const page = await product.browser.openConsole(`/sign-ins/${await waitingId()}`);
    await page.getByText("Stranger").first().waitFor();
    await screenshot(page, "interactive-sign-in-elsewhere");
    await page.getByRole("button", { name: allow ? "Allow" : "Deny", exact: true }).click();
    await waitFor("the decision", async () => (await product.browser.rows("signIns")).length === 0);
    await page.close();

    const after = await walk(typed.page.url, jar);
    const granted = after.left?.searchParams.has("code") === true || after.page.forms.some(hasAllow);
    expect(granted).toBe(allow);
  }
});

test("a refresh token used again after its window ends the connection, and the person reads why", async () => {
  await using client = await signInV2(persona.endpoint, "Copied", open);
  const [registered, tokens] = [client.information(), client.tokens()];
  const renew = async () => (await refresh(metadata, registered?.client_id ?? "", tokens?.refresh_token ?? "")).status;
  expect(await renew()).toBe(200);
  clock.ahead += 61_000;
  expect(await renew()).toBe(400);
  await expect(client.client.callTool({ name: echo(), arguments: { message: "after" } })).rejects.toThrow(
    UnauthorizedError,
  );
  const page = await product.browser.openConsole(`/personas/${persona.personaId}/authentication`);
  await page.getByText("A token of Copied was used twice").waitFor();
  await page.getByText("Ended for safety").waitFor();
  await screenshot(page, "interactive-clients");
  await page.close();
});

async function picturePersonas(page: Page, name: string): Promise<void> {
  if (name === "persona") await screenshot(page, "interactive-persona");
}

/** The person of this browser, who takes from the client that it may write. */
const openToRead = async (url: string): Promise<void> =>
  void (await signInByExtension(product.browser.context, url, {
    see: async (page, name) => {
      if (name === "consent") await page.getByRole("checkbox", { name: /^Write/u, checked: true }).click();
    },
  }));

/** The person of this browser, who finds ticked what the client was refused, and why. */
const openAsAsked = async (url: string): Promise<void> =>
  void (await signInByExtension(product.browser.context, url, {
    see: async (page, name) => {
      if (name !== "consent") return;
      await page.getByRole("checkbox", { name: /^Write Asked for anew/u, checked: true }).waitFor();
      await screenshot(page, "interactive-step-up");
    },
  }));

const deployInteractive = (name: string): Promise<Deployed> =>
  deploy(product.browser, product.relay, connected, { name, only: ["echo", "add"], interactive: true });

/** A client that registers and wants to send its person away. */
async function asked(body: Record<string, unknown> & { redirect_uris: string[] }) {
  const registered = await register(metadata, { client_name: "Raw client", ...body });
  const { client_id: clientId } = z.looseObject({ client_id: z.string() }).parse(registered.body);
  const [redirectUri = ""] = body.redirect_uris;
  const request = { clientId, redirectUri, resource: persona.endpoint, scope: "read write" };
  return { ...request, ...authorizeUrl(metadata, request) };
}

const grants = async (of: Deployed): Promise<Grant[]> =>
  grantsSchema.parse(await product.browser.command("grants.list", { personaId: of.personaId })).grants;

const hasAllow = (form: { buttons: { text: string }[] }): boolean => form.buttons.some(({ text }) => text === "Allow");

async function waitingId(): Promise<string> {
  const [row] = await product.browser.rows("signIns");
  return z.looseObject({ signInId: z.string() }).parse(row).signInId;
}
