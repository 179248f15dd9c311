import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { toolDefinitionSchema } from "@agent-personas/shared/persona/tool-definition";
import { z } from "zod";
import { followRedirects } from "./follow-redirects.ts";
import { sampleArguments } from "./sample-arguments.ts";

// The program that the client suites start: the extension's core adds the server as an app, connects, lists its tools
// and calls each of them once. The suite judges by what it saw.

const CALL_MS = 8_000;

const contextSchema = z.looseObject({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).optional(),
});
const addedSchema = z.object({ connectionId: z.string() });
const toolsSchema = z.array(z.object({ name: z.string(), definition: toolDefinitionSchema }));

const url = process.argv.at(-1) ?? "";
const context = contextSchema.parse(JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}"));

await run();
// Connections that it keeps open would hold the suite's server for seconds.
process.exit(0);

async function run(): Promise<void> {
  await using device = startNodeDevice({ signIn: followRedirects() });
  const { connectionId } = addedSchema.parse(await device.command("apps.add", { url }));
  if (context.client_id !== undefined) {
    const { client_id: clientId, client_secret: clientSecret } = context;
    await device.command("apps.set-client", { connectionId, clientId, ...(clientSecret && { clientSecret }) });
  }
  await device.command("apps.connect", { connectionId });
  for (const call of await callsOf(device)) {
    const outcome = await callTool(device, connectionId, call);
    if (outcome.kind !== "fault" || outcome.code !== "app_needs_sign_in") continue;
    // What a person does who is told so.
    await device.command("apps.connect", { connectionId });
    await callTool(device, connectionId, call);
  }
}

type ToolCall = { name: string; arguments: Record<string, unknown> };

async function callsOf({ rows }: NodeDevice): Promise<ToolCall[]> {
  if (context.toolCalls !== undefined) return context.toolCalls;
  const tools = toolsSchema.parse(await rows("tools"));
  const schemas = Object.fromEntries(tools.map(({ name, definition }) => [name, definition.inputSchema]));
  return tools.map(({ name, definition }) => ({ name, arguments: sampleArguments(definition.inputSchema, schemas) }));
}

async function callTool(device: NodeDevice, connectionId: string, params: ToolCall) {
  const call = {
    connectionId,
    callerKey: "suite",
    method: "tools/call" as const,
    params,
    capabilities: {},
    logLevel: null,
    signal: new AbortController().signal,
    deadline: AbortSignal.timeout(CALL_MS),
    forwardedHeaders: null,
  };
  const outcome = await device.callApp(call);
  console.log(params.name, JSON.stringify(outcome));
  return outcome;
}
