import { createId } from "@agent-personas/shared/primitives/id";
import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { connectV2, type Endpoint } from "../support/clients.ts";
import type { Era } from "../support/mcp-handler.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { connectApp, createKey, deploy, keyFor, type App } from "../support/product.ts";
import { ICONS, startViewApp, TOOL_META, VIEW_META, VIEW_MIME, VIEW_URI, type ViewApp } from "../support/view-app.ts";

// MCP Apps and icons through the whole path: listed, read and called as their apps meant them.

const ERAS: readonly Era[] = ["legacy", "modern"];

let product: NodeProduct;
const apps = new Map<Era, ViewApp>();
const alone = new Map<Era, Endpoint>();
let both: Endpoint;

type Slot = App & { slotId: string; prefix: string; resources: "all"; prompts: "all" };

const toolSchema = z.object({ connectionId: z.string(), name: z.string(), riskClass: z.string() });

beforeAll(async () => {
  product = await startNodeProduct({ env: { LOG_LEVEL: "warn", RATE_LIMIT: "100000" } });
  const { device, relay } = product;
  const slots: Slot[] = [];
  for (const era of ERAS) {
    const app = await startViewApp(era, era);
    apps.set(era, app);
    const { appId, connectionId } = await connectApp(device, app.url, `Board ${era}`);
    const offers = { resources: "all", prompts: "all" } as const;
    alone.set(
      era,
      await keyFor(device, await deploy(device, relay, { appId, connectionId }, { name: era, prefix: era, offers })),
    );
    slots.push({ slotId: createId("slot"), prefix: era, ...offers, appId, connectionId });
  }
  const tools = z
    .array(toolSchema)
    .parse(await device.rows("tools"))
    .flatMap(({ connectionId, name, riskClass }) => {
      const slot = slots.find((each) => each.connectionId === connectionId);
      if (slot === undefined) return [];
      return [{ slotId: slot.slotId, originalName: name, riskClass, policy: "allow", overrides: {} }];
    });
  const draft = {
    personaId: null,
    baseVersion: null,
    name: "Both boards",
    description: "",
    inbound: { accessKeys: true, interactive: false },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots,
    tools,
  };
  const saved = z.object({ personaId: z.string(), slug: z.string() });
  const { personaId, slug } = saved.parse(await device.command("personas.save", { draft }));
  both = { url: keyEndpointUrl(relay.url, slug), accessKey: (await createKey(device, personaId)).secret };
}, 60_000);
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  for (const app of apps.values()) await app[Symbol.asyncDispose]();
});

const clientOf = async (era: Era, endpoint: Endpoint | undefined) => {
  if (endpoint === undefined) throw new Error("not started");
  return connectV2(endpoint, era === "legacy" ? "legacy" : "auto");
};

for (const app of ERAS) {
  for (const era of ERAS) {
    const pair = `a client of the ${era} era at an app of the ${app} era`;

    test(`icons of tools, resources and prompts are listed as they are: ${pair}`, async () => {
      await using connected = await clientOf(era, alone.get(app));
      const { tools } = await connected.client.listTools();
      expect(tools.find(({ name }) => name === `${app}_show_${app}`)?.icons).toEqual(ICONS);
      const { resources } = await connected.client.listResources();
      expect(resources.find(({ uri }) => uri === VIEW_URI)?.icons).toEqual(ICONS);
      const { prompts } = await connected.client.listPrompts();
      expect(prompts.find(({ name }) => name === `${app}_plan_${app}`)?.icons).toEqual(ICONS);
    });

    test(`a view is named by its tool, read with all it asks for, and calls its app's tools: ${pair}`, async () => {
      await using connected = await clientOf(era, alone.get(app));
      const { client } = connected;
      const { tools } = await client.listTools();
      expect(tools.find(({ name }) => name === `${app}_show_${app}`)?._meta).toEqual(TOOL_META);
      const { resources } = await client.listResources();
      expect(resources.find(({ uri }) => uri === VIEW_URI)).toMatchObject({ mimeType: VIEW_MIME, _meta: VIEW_META });
      const { contents } = await client.readResource({ uri: VIEW_URI });
      const text = `<!doctype html><p>${app}</p>`;
      expect(contents).toEqual([{ uri: VIEW_URI, mimeType: VIEW_MIME, text, _meta: VIEW_META }]);
      // A view knows its app's tools by the names that the app gave them.
      const moved = await client.callTool({ name: "move", arguments: { to: "b2" } });
      expect(moved.content).toEqual([{ type: "text", text: `${app} moves to b2` }]);
    });
  }
}

for (const era of ERAS) {
  test(`two apps with the same address of a view: each tool's is read from its own app, in the ${era} era`, async () => {
    await using connected = await clientOf(era, both);
    const { client } = connected;
    const { tools } = await client.listTools();
    const { resources } = await client.listResources();
    const metaSchema = z.looseObject({ ui: z.looseObject({ resourceUri: z.string() }) });
    const addresses = ERAS.map((app) => {
      const tool = tools.find(({ name }) => name === `${app}_show_${app}`);
      return metaSchema.parse(tool?._meta).ui.resourceUri;
    });
    expect(new Set(addresses).size).toBe(2);
    for (const [at, app] of ERAS.entries()) {
      const uri = addresses[at] ?? "";
      expect(resources.find((each) => each.uri === uri)).toMatchObject({ mimeType: VIEW_MIME, _meta: VIEW_META });
      const { contents } = await client.readResource({ uri });
      const text = `<!doctype html><p>${app}</p>`;
      expect(contents).toMatchObject([{ uri, mimeType: VIEW_MIME, text, _meta: VIEW_META }]);
      const moved = await client.callTool({ name: `move_${app}`, arguments: { to: "c3" } });
      expect(moved.content).toEqual([{ type: "text", text: `${app} moves to c3` }]);
    }
    // Which of the two is meant is not known, so nothing is executed.
    const unclear = await client.callTool({ name: "move", arguments: { to: "d4" } });
    expect(unclear.isError).toBe(true);
    expect(JSON.stringify(unclear.content)).toContain("help#tool_not_in_persona");
  });
}
