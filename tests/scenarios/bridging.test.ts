import { Client, StreamableHTTPClientTransport, UrlElicitationRequiredError } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Endpoint } from "../support/clients.ts";
import { startConformanceApp, type ConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { ASKING_URI, WATCHED_URI } from "../support/conformance-app/resources.ts";
import type { Era } from "../support/mcp-handler.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor } from "../support/product.ts";
import { newExecutions, STRANGE_RESULT } from "../support/test-tools.ts";

// Any client at any app: what one of them says in the way of its era, the other hears in the way of its own.

const ERAS: readonly Era[] = ["legacy", "modern"];

let product: NodeProduct;
const apps: ConformanceApp[] = [];
const endpoints = new Map<Era, Endpoint>();
const plainApps = new Map<Era, PlainApp>();
const plainEndpoints = new Map<Era, Endpoint>();

beforeAll(async () => {
  product = await startNodeProduct({ env: { LOG_LEVEL: "warn", RATE_LIMIT: "100000" } });
  for (const era of ERAS) {
    const app = await startConformanceApp({ era });
    apps.push(app);
    const connected = await connectApp(product.device, app.url, `App of the ${era} era`);
    const persona = await deploy(product.device, product.relay, connected, {
      name: `Persona ${era}`,
      prefixing: false,
      offers: { resources: "all", prompts: "all" },
      lossless: true,
    });
    endpoints.set(era, await keyFor(product.device, persona));
    const plain = await startPlainApp({ era });
    plainApps.set(era, plain);
    const other = await connectApp(product.device, plain.url, `Plain ${era} app`);
    const second = await deploy(product.device, product.relay, other, { name: `Plain ${era}`, prefixing: false });
    plainEndpoints.set(era, await keyFor(product.device, second));
  }
}, 60_000);
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  for (const app of [...apps, ...plainApps.values()]) await app[Symbol.asyncDispose]();
});

type Asked = { method: string; params: Record<string, unknown> };
type Heard = { method: string; params: Record<string, unknown> };

/** A client that answers whatever it is asked, and remembers what it was asked and told. */
async function connect(app: Era, era: Era, options: { silent?: boolean; plain?: boolean } = {}) {
  const endpoint = (options.plain === true ? plainEndpoints : endpoints).get(app);
  if (endpoint === undefined) throw new Error("not started");
  const asked: Asked[] = [];
  const heard: Heard[] = [];
  const capabilities =
    options.silent === true ? {} : { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };
  const client = new Client(
    { name: "bridge-test", version: "1" },
    { capabilities, versionNegotiation: { mode: era === "legacy" ? "legacy" : "auto" } },
  );
  if (options.silent !== true) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      asked.push({ method: "elicitation/create", params: { ...params } });
      return params.mode === "url" ? { action: "accept" } : { action: "accept", content: contentFor(params.message) };
    });
    client.setRequestHandler("sampling/createMessage", ({ params }) => {
      asked.push({ method: "sampling/createMessage", params: { ...params } });
      return { role: "assistant", model: "test", content: { type: "text", text: "Paris" } };
    });
    client.setRequestHandler("roots/list", () => {
      asked.push({ method: "roots/list", params: {} });
      return { roots: [{ uri: "file:///home/ada", name: "Home" }] };
    });
  }
  client.fallbackNotificationHandler = ({ method, params }) => {
    heard.push({ method, params: { ...params } });
    return Promise.resolve();
  };
  const headers = { authorization: `Bearer ${endpoint.accessKey ?? ""}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url), { requestInit: { headers } }));
  return { client, asked, heard, [Symbol.asyncDispose]: () => client.close() };
}

function contentFor(message: string): Record<string, string> {
  if (message.includes("color")) return { color: "blue" };
  if (message.includes("context")) return { context: "the garden" };
  return { name: "Ada", username: "ada", email: "ada@example.com" };
}

/** All that is answered to one call without an SDK, which would refuse what it does not know. */
async function rawCall(
  { url, accessKey }: Endpoint,
  era: Era,
  name: string,
  options: { level?: string; accept?: string } = {},
): Promise<string> {
  const version = era === "modern" ? "2026-07-28" : "2025-11-25";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
    ...(options.level !== undefined && { "io.modelcontextprotocol/logLevel": options.level }),
  };
  const headers = {
    authorization: `Bearer ${accessKey ?? ""}`,
    accept: options.accept ?? "application/json",
    "content-type": "application/json",
    "mcp-protocol-version": version,
  };
  const post = (method: string, params: Record<string, unknown>, more: Record<string, string>) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return fetch(url, { method: "POST", headers: { ...headers, ...more }, body });
  };
  const named = { "mcp-method": "tools/call", "mcp-name": name };
  if (era === "modern") return (await post("tools/call", { name, arguments: {}, _meta }, named)).text();
  const hello = { protocolVersion: version, capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  const opened = await post("initialize", hello, {});
  await opened.text();
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  return (await post("tools/call", { name, arguments: {} }, session)).text();
}

/** The SDK's client has no word for the log level of 2026-07-28. */
const logsOfCall = (app: Era, level?: string): Promise<string> =>
  rawCall(endpoints.get(app) ?? { url: "", accessKey: "" }, "modern", "test_logging_tool", {
    accept: "application/json, text/event-stream",
    ...(level !== undefined && { level }),
  });

const steps = ["Tool execution started", "Tool processing data", "Tool execution completed"];

const textOf = (result: object): string => JSON.stringify("content" in result ? result.content : result);

for (const app of ERAS) {
  for (const era of ERAS) {
    const pair = `a client of the ${era} era at an app of the ${app} era`;

    test(`a person's answers reach the app: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, asked } = connected;
      const result = await client.callTool({ name: "test_elicitation", arguments: { message: "Who?" } });
      expect(textOf(result)).toContain("action=accept");
      expect(textOf(result)).toContain("ada@example.com");
      expect(asked).toMatchObject([{ method: "elicitation/create", params: { message: "Who?" } }]);
      expect(JSON.stringify(asked)).toContain("requestedSchema");
    });

    test(`a link to open reaches the person: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, asked, heard } = connected;
      expect(textOf(await client.callTool({ name: "test_url_elicitation" }))).toContain("The person chose: accept");
      expect(asked).toMatchObject([{ params: { mode: "url", url: "https://example.com/allow" } }]);
      const complete = heard.filter(({ method }) => method === "notifications/elicitation/complete");
      // The word for it came in 2025-11-25 and went in 2026-07-28.
      expect(complete).toHaveLength(app === "legacy" && era === "legacy" ? 1 : 0);
    });

    test(`models and roots can be asked for, several at once: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, asked } = connected;
      expect(textOf(await client.callTool({ name: "test_sampling", arguments: { prompt: "Capital?" } }))).toContain(
        "Paris",
      );
      expect(textOf(await client.callTool({ name: "test_input_required_result_list_roots" }))).toContain(
        "file:///home/ada",
      );
      await client.callTool({ name: "test_input_required_result_multiple_inputs" });
      expect(asked.map(({ method }) => method).toSorted()).toEqual(
        [
          "sampling/createMessage",
          "roots/list",
          "elicitation/create",
          "roots/list",
          "sampling/createMessage",
        ].toSorted(),
      );
    });

    test(`prompts and resources ask, too: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, asked } = connected;
      const prompt = await client.getPrompt({ name: "test_input_required_result_prompt" });
      expect(prompt.messages).toMatchObject([{ content: { text: "Use this context: the garden" } }]);
      const { contents } = await client.readResource({ uri: ASKING_URI });
      expect(contents).toMatchObject([{ uri: ASKING_URI, text: "Written for: the garden" }]);
      expect(asked.map(({ params }) => params["message"])).toEqual([
        "What context should the prompt use?",
        "What context should the text use?",
      ]);
    });

    test(`an app asks again with what it knows from the first answer: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, asked } = connected;
      expect(textOf(await client.callTool({ name: "test_input_required_result_multi_round" }))).toContain(
        "Ada likes blue",
      );
      expect(asked).toHaveLength(2);
    });

    test(`who cannot be asked is not asked: ${pair}`, async () => {
      await using connected = await connect(app, era, { silent: true });
      const { client, asked } = connected;
      const outcome = await client.callTool({ name: "test_missing_capability" }).then(
        (result) => (result.isError === true ? "failed" : "answered"),
        (error: unknown) => (error instanceof Error ? "failed" : "odd"),
      );
      expect([outcome, asked]).toEqual(["failed", []]);
    });

    test(`progress comes before the answer, in order: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client } = connected;
      const progress: number[] = [];
      await client.callTool(
        { name: "test_tool_with_progress" },
        { onprogress: (each) => void progress.push(each.progress) },
      );
      expect(progress).toEqual([0, 50, 100]);
    });

    test(`resources, prompts and completions pass: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client } = connected;
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(["test://static-text", WATCHED_URI]));
      expect(await client.readResource({ uri: "test://static-text" })).toMatchObject({
        contents: [{ uri: "test://static-text", mimeType: "text/plain" }],
      });
      expect(await client.readResource({ uri: "test://template/42/data" })).toMatchObject({
        contents: [{ text: expect.stringContaining("42") }],
      });
      const given = { arg1: "one", arg2: "two" };
      expect(await client.getPrompt({ name: "test_prompt_with_arguments", arguments: given })).toMatchObject({
        messages: [{ content: { text: expect.stringContaining("one") } }],
      });
      const ref = { type: "ref/prompt", name: "test_prompt_with_arguments" } as const;
      const completed = await client.complete({ ref, argument: { name: "arg1", value: "p" } });
      expect(completed.completion.values).toEqual(expect.any(Array));
    });

    test(`what an app says outside of any request is heard by who listens: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, heard } = connected;
      if (era === "legacy") await client.subscribeResource({ uri: WATCHED_URI });
      else await client.listen({ toolsListChanged: true, resourceSubscriptions: [WATCHED_URI] });
      const updates = () => heard.filter(({ method }) => method === "notifications/resources/updated");
      await vi.waitFor(
        async () => {
          await client.callTool({ name: "test_trigger_resource_update" });
          expect(updates()).not.toEqual([]);
        },
        { timeout: 8_000, interval: 300 },
      );
      expect(updates()[0]?.params).toMatchObject({ uri: WATCHED_URI });
    });

    test(`a caller that gives up ends the work at the app: ${pair}`, async () => {
      await using connected = await connect(app, era, { plain: true });
      const { client } = connected;
      const { begun, cancelled } = plainApps.get(app)?.executions ?? newExecutions();
      const before = cancelled.get("slow") ?? 0;
      const controller = new AbortController();
      const slow = { name: "slow", arguments: { steps: 100, stepMs: 50 } };
      const call = client.callTool(slow, { signal: controller.signal, onprogress: () => controller.abort() });
      await expect(call).rejects.toBeInstanceOf(Error);
      await vi.waitFor(() => expect(cancelled.get("slow")).toBe(before + 1), 5_000);
      expect(begun.get("slow")).toBe(before + 1);
    });

    test(`what no schema knows arrives whole: ${pair}`, async () => {
      const { url, accessKey } = plainEndpoints.get(app) ?? { url: "", accessKey: "" };
      const answer = await rawCall({ url, accessKey }, era, "strange");
      expect(JSON.parse(answer)).toMatchObject({ result: STRANGE_RESULT });
    });
  }
}

test("links that an app of 2025-11-25 refuses without: the earlier era gets its error, the later one is asked", async () => {
  await using earlier = await connect("legacy", "legacy");
  const refused = earlier.client.callTool({ name: "test_url_required" });
  await expect(refused).rejects.toBeInstanceOf(UrlElicitationRequiredError);
  expect(textOf(await earlier.client.callTool({ name: "test_url_required" }))).toContain("The link was opened.");
  await using later = await connect("legacy", "modern");
  expect(textOf(await later.client.callTool({ name: "test_url_required" }))).toContain("The link was opened.");
  expect(later.asked).toMatchObject([{ params: { mode: "url", url: "https://example.com/allow" } }]);
});

for (const app of ERAS) {
  test(`logs of an app of the ${app} era are heard from the level that the client set, in its own way`, async () => {
    await using connected = await connect(app, "legacy");
    const { client, heard } = connected;
    await client.setLoggingLevel("info");
    await client.callTool({ name: "test_logging_tool" });
    const logs = heard.filter(({ method }) => method === "notifications/message");
    expect(logs.map(({ params }) => params["data"])).toEqual(steps);
    await client.setLoggingLevel("error");
    await client.callTool({ name: "test_logging_tool" });
    expect(heard.filter(({ method }) => method === "notifications/message")).toHaveLength(3);
    const said = await logsOfCall(app, "info");
    expect(steps.filter((step) => said.includes(step))).toEqual(steps);
    expect(await logsOfCall(app)).not.toContain(steps[0]);
  });

  test.each(ERAS)(`lists that an app of the ${app} era changes are told to who listens in the %s era`, async (era) => {
    await using connected = await connect(app, era);
    const { client, heard } = connected;
    // In the earlier era the client's own stream is all that it takes.
    if (era === "modern") await client.listen({ toolsListChanged: true });
    await vi.waitFor(
      async () => {
        await client.callTool({ name: "test_trigger_tool_change" });
        expect(heard.map(({ method }) => method)).toContain("notifications/tools/list_changed");
      },
      { timeout: 8_000, interval: 300 },
    );
  });
}
