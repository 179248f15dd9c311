import { afterAll, beforeAll, expect, test } from "vitest";
import { connectMcpRemote, connectV1, connectV2, runInspector, type Endpoint } from "../support/clients.ts";
import { INSTALL_MS, installClients } from "../support/installed-clients.ts";
import { startOAuthApp, type OAuthApp } from "../support/oauth-app.ts";
import { connectApp, deploy, keyFor, startProduct, type Deployed, type Product } from "../support/product.ts";
import { LONG_NAME, ODD_NAME, STRANGE_RESULT } from "../support/test-tools.ts";

let product: Product;
let app: OAuthApp;
let persona: Deployed;
let endpoint: Endpoint;
let direct: Endpoint;

/** The app's own answer, asked with a token of the same person and without anything in between. */
const directly = async (name: string, args: Record<string, unknown>) => {
  await using connected = await connectV1(direct);
  return await connected.client.callTool({ name, arguments: args });
};

const exposed = (original: string): string => persona.names.get(original) ?? "missing";

beforeAll(installClients, INSTALL_MS);

beforeAll(async () => {
  app = await startOAuthApp({ consent: "auto" });
  product = await startProduct();
  const { browser, relay } = product;
  const page = await browser.context.newPage();
  await page.goto(app.authorization.loginUrl("ada"));
  await page.close();
  persona = await deploy(browser, relay, await connectApp(browser, app.url, "Test App"));
  endpoint = await keyFor(browser, persona);
  direct = { url: app.url, accessKey: app.authorization.issued.accessTokens[0] ?? "" };
});

afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

test("SDK v2 lists and calls in the era without sessions", async () => {
  await using connected = await connectV2(endpoint, "auto");
  const { tools } = await connected.client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(
    [...persona.names.values(), "persona_account_info", "persona_read_more", "persona_wait_for_call"].toSorted(),
  );
  const answer = await connected.client.callTool({ name: exposed("echo"), arguments: { message: "héllo" } });
  expect(answer.content).toEqual((await directly("echo", { message: "héllo" })).content);
});

test("SDK v2 calls in the era with sessions", async () => {
  await using connected = await connectV2(endpoint, "legacy");
  const answer = await connected.client.callTool({ name: exposed("add"), arguments: { a: 2, b: 3 } });
  expect(answer).toEqual(await directly("add", { a: 2, b: 3 }));
});

test("SDK v1 gets the same answers as from the app itself", async () => {
  await using connected = await connectV1(endpoint);
  for (const [name, args] of [
    ["echo", { message: "hi" }],
    ["add", { a: 1, b: 2 }],
    ["fail", {}],
    [LONG_NAME, {}],
    [ODD_NAME, {}],
  ] as const) {
    expect(await connected.client.callTool({ name: exposed(name), arguments: args })).toEqual(
      await directly(name, args),
    );
  }
});

test("the inspector's command line lists and calls", async () => {
  const listed = await runInspector(endpoint, ["--method", "tools/list"]);
  expect(JSON.stringify(listed)).toContain(exposed("echo"));
  const answer = await runInspector(endpoint, [
    "--method",
    "tools/call",
    "--tool-name",
    exposed("echo"),
    "--tool-arg",
    "message=from inspector",
  ]);
  expect(answer).toMatchObject({ content: [{ type: "text", text: "from inspector" }] });
});

test("mcp-remote bridges a host that knows only standard input", async () => {
  await using connected = await connectMcpRemote(endpoint);
  const answer = await connected.client.callTool({ name: exposed("add"), arguments: { a: 20, b: 22 } });
  expect(answer).toEqual(await directly("add", { a: 20, b: 22 }));
});

test("the bare relay serves the key's persona", async () => {
  for (const path of ["/", "/mcp"]) {
    await using connected = await connectV1({ ...endpoint, url: `${product.relay.url}${path}` });
    const answer = await connected.client.callTool({ name: exposed("echo"), arguments: { message: path } });
    expect(answer.content).toEqual([{ type: "text", text: path }]);
  }
});

test("what no schema knows arrives as the app sent it, in both eras", async () => {
  const legacy = await rawCall("2025-11-25");
  const modern = await rawCall("2026-07-28");
  expect(legacy).toEqual(STRANGE_RESULT);
  expect(modern).toMatchObject(STRANGE_RESULT);
});

test("progress reaches the caller, and a cancelled call is aborted at the app", async () => {
  await using connected = await connectV1(endpoint);
  const seen: number[] = [];
  const answer = await connected.client.callTool(
    { name: exposed("slow"), arguments: { steps: 3, stepMs: 30 } },
    undefined,
    { onprogress: ({ progress }) => void seen.push(progress) },
  );
  expect(answer.content).toEqual([{ type: "text", text: "3 steps" }]);
  expect(seen).toEqual([1, 2, 3]);

  const abort = new AbortController();
  const cancelled = connected.client.callTool(
    { name: exposed("slow"), arguments: { steps: 200, stepMs: 50 } },
    undefined,
    { signal: abort.signal, onprogress: () => abort.abort() },
  );
  await expect(cancelled).rejects.toThrow("aborted");
  await expect.poll(() => app.executions.cancelled.get("slow"), { timeout: 5_000 }).toBe(1);
});

test("only connected with the session of the browser: one registration, one code, no secret asked", () => {
  expect(app.authorization.counters).toMatchObject({ registrations: 1, codes: 1 });
});

/** One call by hand, so that nothing between relay and test can drop a member. */
async function rawCall(protocol: "2025-11-25" | "2026-07-28"): Promise<unknown> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${endpoint.accessKey}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": protocol,
  };
  const post = async (body: Record<string, unknown>): Promise<Response> =>
    fetch(endpoint.url, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...body }) });
  const params: Record<string, unknown> = { name: exposed("strange"), arguments: {} };
  if (protocol === "2026-07-28") {
    headers["mcp-method"] = "tools/call";
    headers["mcp-name"] = exposed("strange");
    params["_meta"] = {
      "io.modelcontextprotocol/protocolVersion": protocol,
      "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
  } else {
    const clientInfo = { name: "raw", version: "1" };
    const initialized = await post({
      id: 1,
      method: "initialize",
      params: { protocolVersion: protocol, capabilities: {}, clientInfo },
    });
    headers["mcp-session-id"] = initialized.headers.get("mcp-session-id") ?? "";
    await initialized.text();
    await (await post({ method: "notifications/initialized" })).text();
  }
  const answered = await (await post({ id: 2, method: "tools/call", params })).text();
  const data = answered
    .split("\n")
    .filter((line) => line.startsWith("data:") && line.length > 6)
    .map((line) => line.slice(5));
  const message: unknown = JSON.parse(data.at(-1) ?? answered);
  if (typeof message !== "object" || message === null || !("result" in message)) throw new Error(answered);
  return message.result;
}
