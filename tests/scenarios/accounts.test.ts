import { createId } from "@agent-personas/shared/primitives/id";
import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { expect, test } from "vitest";
import { z } from "zod";
import { ACCOUNT_HEADER, startOracleApp, type OracleApp } from "../long/oracle-app.ts";
import { connectV1, connectV2, type Endpoint } from "../support/clients.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { createKey } from "../support/product.ts";

// Several accounts of one app in one persona: one slot each.

const addedSchema = z.object({ appId: z.string(), connectionId: z.string() });
const toolSchema = z.object({ connectionId: z.string(), name: z.string(), riskClass: scopeSchema });
const textSchema = z.object({ content: z.tuple([z.object({ text: z.string() })]) });

type Account = { connectionId: string; account: string; prefix: string };

async function connectAccounts({ device }: NodeProduct, app: OracleApp) {
  const { appId, connectionId: first } = addedSchema.parse(
    await device.command("apps.add", { url: app.url, name: "Oracle" }),
  );
  const { connectionId: second } = addedSchema
    .pick({ connectionId: true })
    .parse(await device.command("apps.add-connection", { appId, label: "Home" }));
  const accounts: Account[] = [
    { connectionId: first, account: "at-work", prefix: "Work" },
    { connectionId: second, account: "at-home", prefix: "Home" },
  ];
  for (const { connectionId, account } of accounts) {
    await device.command("apps.set-headers", { connectionId, headers: { [ACCOUNT_HEADER]: account } });
    await device.command("apps.connect", { connectionId });
  }
  return { appId, accounts };
}

async function publish(product: NodeProduct, app: OracleApp, prefixing: boolean): Promise<Endpoint> {
  const { device, relay } = product;
  const { appId, accounts } = await connectAccounts(product, app);
  const listed = z.array(toolSchema).parse(await device.rows("tools"));
  const slots = accounts.map(({ connectionId, prefix }) => ({ slotId: createId("slot"), appId, connectionId, prefix }));
  const tools = slots.flatMap(({ slotId, connectionId }) =>
    listed
      .filter((tool) => tool.connectionId === connectionId)
      .map(({ name, riskClass }) => ({ slotId, originalName: name, riskClass, policy: "allow", overrides: {} })),
  );
  const draft = {
    personaId: null,
    baseVersion: null,
    name: "Two accounts",
    description: "",
    inbound: { accessKeys: true, interactive: false },
    prefixing,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots,
    tools,
  };
  const saved = z
    .object({ personaId: z.string(), slug: z.string() })
    .parse(await device.command("personas.save", { draft }));
  const { secret } = await createKey(device, saved.personaId);
  return { url: keyEndpointUrl(relay.url, saved.slug), accessKey: secret };
}

test("two accounts of one app serve one persona, each call with its own", async () => {
  await using app = await startOracleApp();
  await using product = await startNodeProduct();
  const endpoint = await publish(product, app, true);
  await using modern = await connectV2(endpoint);
  await using legacy = await connectV1(endpoint);
  const names = ["note", "put", "look"].flatMap((tool) => [`Work_${tool}`, `Home_${tool}`]);
  expect((await modern.client.listTools()).tools.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  const accountOf = async (client: (typeof modern | typeof legacy)["client"], name: string): Promise<string> => {
    const input = { name, arguments: { marker: `${name}-${crypto.randomUUID()}`, ms: 20 } };
    const { content } = textSchema.parse(await client.callTool(input));
    return z.object({ account: z.string() }).parse(JSON.parse(content[0].text)).account;
  };
  // All at once, from clients of both eras.
  for (const { client } of [modern, legacy]) {
    const accounts = await Promise.all(names.map((name) => accountOf(client, name)));
    expect(accounts).toEqual(names.map((name) => (name.startsWith("Work") ? "at-work" : "at-home")));
  }
});

test("without prefixes two accounts of one app cannot be told apart, and nothing is published", async () => {
  await using app = await startOracleApp();
  await using product = await startNodeProduct();
  await expect(publish(product, app, false)).rejects.toThrow("look, note, put");
  expect(await product.device.rows("personas")).toEqual([]);
});

test("an account that is disconnected takes only its own tools along", async () => {
  await using app = await startOracleApp();
  await using product = await startNodeProduct();
  const endpoint = await publish(product, app, true);
  const connections = z
    .array(z.object({ connectionId: z.string(), label: z.string() }))
    .parse(await product.device.rows("connections"));
  const home = connections.find(({ label }) => label === "Home");
  await product.device.command("apps.disconnect", { connectionId: home?.connectionId });
  await using connected = await connectV2(endpoint);
  const call = (name: string) => connected.client.callTool({ name, arguments: { marker: name, ms: 0 } });
  expect(JSON.stringify(await call("Home_look"))).toContain("app_needs_sign_in");
  expect(JSON.stringify(await call("Work_look"))).toContain("at-work");
  expect(app.executions.has("Home_look")).toBe(false);
});
