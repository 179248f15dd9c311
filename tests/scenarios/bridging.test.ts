import { Client, StreamableHTTPClientTransport, UrlElicitationRequiredError } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Endpoint } from "../support/clients.ts";
import { startConformanceApp, type ConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { WATCHED_URI } from "../support/conformance-app/resources.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { connectApp, deploy, keyFor } from "../support/product.ts";

// Any client at any app: what one of them says in the way of its era, the other hears in the way of its own.

const ERAS = ["legacy", "modern"] as const;
type Era = (typeof ERAS)[number];

let product: NodeProduct;
const apps: ConformanceApp[] = [];
const endpoints = new Map<Era, Endpoint>();

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
  }
}, 60_000);
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  for (const app of apps) await app[Symbol.asyncDispose]();
});

type Asked = { method: string; params: Record<string, unknown> };
type Heard = { method: string; params: Record<string, unknown> };

/** A client that answers whatever it is asked, and remembers what it was asked and told. */
async function connect(app: Era, era: Era, options: { silent?: boolean } = {}) {
  const endpoint = endpoints.get(app);
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

const contentFor = (message: string): Record<string, string> =>
  message.includes("color") ? { color: "blue" } : { name: "Ada", username: "ada", email: "ada@example.com" };

/** All that is said in the stream of one call of 2026-07-28; the SDK's client has no word for the log level. */
async function logsOfCall(app: Era, level: string | null): Promise<string> {
  const { url, accessKey } = endpoints.get(app) ?? { url: "", accessKey: "" };
  const version = "2026-07-28";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
    ...(level !== null && { "io.modelcontextprotocol/logLevel": level }),
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessKey}`,
      "content-type": "application/json",
      "mcp-protocol-version": version,
      "mcp-method": "tools/call",
      "mcp-name": "test_logging_tool",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "test_logging_tool", _meta } }),
  });
  return response.text();
}

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
      const { client, asked } = connected;
      expect(textOf(await client.callTool({ name: "test_url_elicitation" }))).toContain("The person chose: accept");
      expect(asked).toMatchObject([{ params: { mode: "url", url: "https://example.com/allow" } }]);
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

    test(`an app asks again with what it knows from the first answer, and prompts ask, too: ${pair}`, async () => {
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

    test(`progress and logs come before the answer, in order: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client, heard } = connected;
      const progress: number[] = [];
      await client.callTool(
        { name: "test_tool_with_progress" },
        { onprogress: (each) => void progress.push(each.progress) },
      );
      expect(progress).toEqual([0, 50, 100]);
      const steps = ["Tool execution started", "Tool processing data", "Tool execution completed"];
      if (era === "modern") {
        const said = await logsOfCall(app, "info");
        expect(steps.filter((step) => said.includes(step))).toEqual(steps);
        expect(await logsOfCall(app, null)).not.toContain(steps[0]);
        return;
      }
      await client.setLoggingLevel("info");
      await client.callTool({ name: "test_logging_tool" });
      const logs = heard.filter(({ method }) => method === "notifications/message");
      expect(logs.map(({ params }) => params["data"])).toEqual(steps);
      await client.setLoggingLevel("error");
      await client.callTool({ name: "test_logging_tool" });
      expect(heard.filter(({ method }) => method === "notifications/message")).toHaveLength(3);
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
      if (era === "modern") {
        await client.callTool({ name: "test_trigger_tool_change" });
        await vi.waitFor(
          () => expect(heard.map(({ method }) => method)).toContain("notifications/tools/list_changed"),
          5_000,
        );
      }
    });

    test(`a caller that gives up ends the work at the app: ${pair}`, async () => {
      await using connected = await connect(app, era);
      const { client } = connected;
      const controller = new AbortController();
      const call = client.callTool(
        { name: "test_tool_with_progress" },
        { signal: controller.signal, onprogress: () => controller.abort() },
      );
      await expect(call).rejects.toThrow();
      expect(await client.callTool({ name: "test_simple_text" })).toMatchObject({ content: [{ type: "text" }] });
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
