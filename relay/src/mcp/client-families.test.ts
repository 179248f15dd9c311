import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLimitedEndpoint, type LimitedEndpoint } from "../test-support/limited-endpoint.ts";
import { testTool } from "../test-support/test-persona.ts";

const ERAS = ["legacy", "modern"] as const;
const inputSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object" as const,
  oneOf: [{ required: ["a"] }, { required: ["b"] }],
  properties: { a: { type: "string" }, b: { type: "string" } },
};
const tools = [testTool("pick", "read", { definition: { name: "pick", inputSchema } })];
const open: AsyncDisposable[] = [];
let endpoint: LimitedEndpoint;

beforeEach(async () => {
  endpoint = await startLimitedEndpoint({ tools });
});
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  await endpoint[Symbol.asyncDispose]();
});

async function connect(name: string, era: (typeof ERAS)[number], at = endpoint): Promise<Client> {
  const { secret } = await at.owner.key(at.personaId);
  const client = new Client(
    { name, version: "1.0" },
    { versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" } },
  );
  const requestInit = { headers: { authorization: `Bearer ${secret}` } };
  const url = new URL(`${at.relay.url}/k/${at.slug}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  open.push({ [Symbol.asyncDispose]: () => client.close() });
  return client;
}
const schemaOf = async (client: Client): Promise<Record<string, unknown>> => {
  const { tools: listed } = await client.listTools();
  return listed.find(({ name }) => name === "Echo_pick")?.inputSchema ?? {};
};

test.each(ERAS)(
  "%s: a client reads schemas in its own family's dialect, an unknown one as the app wrote them",
  async (era) => {
    for (const name of ["claude-code", "claude-ai", "ChatGPT", "gemini-cli-mcp-client", "cursor-vscode"]) {
      const schema = await schemaOf(await connect(name, era));
      expect(Object.keys(schema), name).not.toContain("oneOf");
      expect(Object.keys(schema), name).not.toContain("$schema");
      expect(schema["properties"], name).toMatchObject({ a: { type: "string" }, b: { type: "string" } });
    }
    expect(await schemaOf(await connect("somebody-else", era))).toEqual(inputSchema);
  },
);

test.each(ERAS)("%s: a lossless persona shows every client what the app wrote", async (era) => {
  await using lossless = await startLimitedEndpoint({ tools, persona: { lossless: true } });
  expect(await schemaOf(await connect("claude-ai", era, lossless))).toEqual(inputSchema);
});

test.each(ERAS)("%s: instructions say what a model cannot see, first what matters most", async (era) => {
  await using searched = await startLimitedEndpoint({ tools, persona: { search: { favourites: [] } } });
  const instructions = (await connect("x", era, searched)).getInstructions() ?? "";
  expect(instructions.slice(0, 512)).toMatch(
    /persona_find_tools.*persona_call_tool.*persona_wait_for_call.*persona:\/\/guide/u,
  );
  expect((await connect("x", era)).getInstructions()).not.toContain("persona_find_tools");
});

test("a session that listens to the status hears when the browser comes and goes", async () => {
  const client = await connect("x", "legacy");
  const heard: string[] = [];
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
  await client.subscribeResource({ uri: "persona://status" });
  const socket = await endpoint.browser();
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  const before = heard.length;
  socket.disconnect();
  await expect.poll(() => heard.length).toBeGreaterThan(before);
  expect(new Set(heard)).toEqual(new Set(["persona://status"]));
});
