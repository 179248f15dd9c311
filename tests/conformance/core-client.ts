import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { toolDefinitionSchema } from "@agent-personas/shared/persona/tool-definition";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import { answerQuestion, answersTo } from "./answer-questions.ts";
import { followRedirects } from "./follow-redirects.ts";
import { sampleArguments } from "./sample-arguments.ts";

// The program that the client suites start: the extension's core adds the server as an app, connects, lists its tools
// and calls each of them once, for a caller that answers whatever it is asked. The suite judges by what it saw.

const CALL_MS = 8_000;
const MAX_ROUNDS = 5;

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
    const outcome = await callUntilAnswered(device, connectionId, call);
    if (outcome.kind !== "fault" || outcome.code !== "app_needs_sign_in") continue;
    // What a person does who is told so.
    await device.command("apps.connect", { connectionId });
    await callUntilAnswered(device, connectionId, call);
  }
}

async function callUntilAnswered(device: NodeDevice, connectionId: string, call: ToolCall): Promise<Outcome> {
  let outcome = await callTool(device, connectionId, call);
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    const answers = answersTo(outcome);
    if (answers === null) break;
    outcome = await callTool(device, connectionId, { ...call, ...answers });
  }
  return outcome;
}

type ToolCall = { name: string; arguments: Record<string, unknown> };

async function callsOf({ rows }: NodeDevice): Promise<ToolCall[]> {
  if (context.toolCalls !== undefined) return context.toolCalls;
  const tools = toolsSchema.parse(await rows("tools"));
  const schemas = Object.fromEntries(tools.map(({ name, definition }) => [name, definition.inputSchema]));
  return tools.map(({ name, definition }) => ({ name, arguments: sampleArguments(definition.inputSchema, schemas) }));
}

async function callTool(device: NodeDevice, connectionId: string, params: ToolCall): Promise<Outcome> {
  const call = {
    connectionId,
    callerKey: "suite",
    method: "tools/call" as const,
    params,
    capabilities: { elicitation: {} },
    onAsk: (ask: Parameters<typeof answerQuestion>[0]) => Promise.resolve(answerQuestion(ask)),
    logLevel: null,
    signal: new AbortController().signal,
    deadline: AbortSignal.timeout(CALL_MS),
    forwardedHeaders: null,
  };
  const outcome = await device.callApp(call);
  console.log(params.name, JSON.stringify(outcome));
  return outcome;
}
