import { accountInfoSchema, type AccountInfo } from "@agent-personas/relay/mcp/account-info-schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { connectV1, connectV2, type Endpoint } from "../support/clients.ts";
import { INNOCENT_TOOL, startHostileApp } from "../support/hostile-app.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { startPlainApp, type PlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor } from "../support/product.ts";

// What every persona has by itself, from the command that publishes it to the client of each era and back.

const ERAS = ["auto", "legacy"] as const;
const RECIPE = {
  name: "say-twice",
  description: "Says it twice.",
  text: "Call echo with {message}, twice, in {language}.",
  arguments: [
    { name: "message", description: "What.", required: true, values: [] },
    { name: "language", description: "", required: false, values: ["english", "german"] },
  ],
  tools: ["echo"],
};

let app: PlainApp;
let product: NodeProduct;

beforeEach(async () => {
  app = await startPlainApp();
  product = await startNodeProduct();
});
afterEach(async () => {
  await product[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

async function publish(options: Parameters<typeof deploy>[3] = {}): Promise<Endpoint> {
  const { device, relay } = product;
  const connected = await connectApp(device, app.url, "Test App");
  return keyFor(device, await deploy(device, relay, connected, { prefixing: false, ...options }));
}

const foundSchema = z.object({ tools: z.array(z.looseObject({ name: z.string() })), total: z.number() });
type Caller = { callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown> };

async function account(client: Caller, tool: string): Promise<AccountInfo["tool"]> {
  const answer = await client.callTool({ name: "persona_account_info", arguments: { tool } });
  return accountInfoSchema.parse(z.looseObject({ structuredContent: z.unknown() }).parse(answer).structuredContent)
    .tool;
}

test.each(ERAS)(
  "a searched persona lists its favourites, finds the others, and executes them once (%s)",
  async (era) => {
    const endpoint = await publish({ favourites: ["add"] });
    await using connected = await connectV2(endpoint, era);
    const { client } = connected;
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "add",
      "persona_account_info",
      "persona_call_tool",
      "persona_find_tools",
      "persona_read_more",
      "persona_wait_for_call",
    ]);
    const { structuredContent } = await client.callTool({
      name: "persona_find_tools",
      arguments: { query: "echo it" },
    });
    expect(foundSchema.parse(structuredContent).tools[0]).toMatchObject({ name: "echo", title: "Echo" });
    const call = { name: "echo", arguments: { message: "found" } };
    expect(await client.callTool({ name: "persona_call_tool", arguments: call })).toMatchObject({
      content: [{ text: "found" }],
    });
    expect(app.executions.finished.get("echo")).toBe(1);
    expect(await account(client, "echo")).toMatchObject({ reason: "not_listed", callable: true });
  },
);

test.each(ERAS)(
  "a recipe is a prompt whose values are completed, and guide and status can be read (%s)",
  async (era) => {
    const endpoint = await publish({ recipes: [RECIPE] });
    await using connected = await connectV2(endpoint, era);
    const { client } = connected;
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: "say-twice", arguments: [{}, {}] }]);
    const given = { message: "hello", language: "german" };
    expect(await client.getPrompt({ name: "say-twice", arguments: given })).toMatchObject({
      messages: [{ role: "user", content: { text: "Call echo with hello, twice, in german." } }],
    });
    await expect(client.getPrompt({ name: "say-twice", arguments: {} })).rejects.toThrow("message is missing");
    const ref = { type: "ref/prompt" as const, name: "say-twice" };
    const { completion } = await client.complete({ ref, argument: { name: "language", value: "g" } });
    expect(completion.values).toEqual(["german"]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      "persona://guide",
      "persona://status",
    ]);
    const guide = await client.readResource({ uri: "persona://guide" });
    expect(JSON.stringify(guide)).toContain("Test App (tools: ");
    const status = await client.readResource({ uri: "persona://status" });
    const [content] = status.contents;
    const text = content !== undefined && "text" in content ? content.text : "";
    expect(accountInfoSchema.parse(JSON.parse(text))).toMatchObject({
      apps: [{ name: "Test App", status: "connected" }],
      browser: { online: true },
    });
  },
);

test("clients of the SDK before read them, too", async () => {
  const endpoint = await publish({ recipes: [RECIPE] });
  await using connected = await connectV1(endpoint);
  expect((await connected.client.listPrompts()).prompts).toHaveLength(1);
  expect(JSON.stringify(await connected.client.readResource({ uri: "persona://guide" }))).toContain("What you may do");
  expect(await account(connected.client, "echo")).toMatchObject({ reason: "ready", callable: true });
});

test("a tool that its app changes or takes away is said to be so before anybody calls it", async () => {
  const { device, relay } = product;
  await using hostile = await startHostileApp();
  const connected = await connectApp(device, hostile.url, "Other");
  const endpoint = await keyFor(device, await deploy(device, relay, connected, { prefixing: false }));
  await using session = await connectV2(endpoint);
  const reason = async () => (await account(session.client, "look"))?.reason;
  await expect.poll(reason, { timeout: 5_000 }).toBe("ready");
  const redefine = async (tools: object[]) => {
    hostile.answers.set("tools/list", ({ reply }) => reply({ tools }));
    await device.command("apps.refresh-tools", { connectionId: connected.connectionId });
  };
  await redefine([{ ...INNOCENT_TOOL, description: "Looks elsewhere." }]);
  await expect.poll(reason, { timeout: 5_000 }).toBe("changed");
  await redefine([{ ...INNOCENT_TOOL, name: "other" }]);
  await expect.poll(reason, { timeout: 5_000 }).toBe("removed");
  const answer = JSON.stringify(await session.client.callTool({ name: "look", arguments: {} }));
  expect(answer).toContain("no longer lists the tool look");
  await redefine([INNOCENT_TOOL]);
  await expect.poll(reason, { timeout: 5_000 }).toBe("ready");
});
