import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { handOver } from "@agent-personas/extension/test-support/node-device/handed-over";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import { answerQuestion, answersTo } from "./answer-questions.ts";
import { chooseSignIn } from "./choose-sign-in.ts";
import { followRedirects } from "./follow-redirects.ts";
import { suiteCalls, suiteContextSchema, type SuiteCall } from "./suite-calls.ts";

// The program that the client suites start: the extension's core adds the server as an app, connects, lists its tools
// and calls each of them once, for a caller that answers whatever it is asked. The suite judges by what it saw.

/** Of which the suites have made their minds up; nobody asks for it. */
const CLIENT_DOCUMENT = "https://conformance-test.local/client-metadata.json";
const CALL_MS = 8_000;
const MAX_ROUNDS = 5;

const addedSchema = z.object({ connectionId: z.string() });

const url = process.argv.at(-1) ?? "";
const context = suiteContextSchema.parse(JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}"));

await run();
// Connections that it keeps open would hold the suite's server for seconds.
process.exit(0);

async function run(): Promise<void> {
  const choice = chooseSignIn(context);
  await using device = startNodeDevice({
    signIn: followRedirects(),
    clientDocument: CLIENT_DOCUMENT,
    askProvider: choice?.idToken === undefined ? undefined : handOver(choice.idToken),
  });
  const { connectionId } = addedSchema.parse(await device.command("apps.add", { url }));
  if (choice !== null) await device.command("apps.set-sign-in", { connectionId, signIn: choice.signIn });
  await device.command("apps.connect", { connectionId });
  for (const call of suiteCalls(context, await device.rows("tools"), connectionId)) {
    const outcome = await callUntilAnswered(device, connectionId, call);
    if (outcome.kind !== "fault" || outcome.code !== "app_needs_sign_in") continue;
    // What a person does who is told so.
    await device.command("apps.connect", { connectionId });
    await callUntilAnswered(device, connectionId, call);
  }
}

async function callUntilAnswered(device: NodeDevice, connectionId: string, call: SuiteCall): Promise<Outcome> {
  let outcome = await callTool(device, connectionId, call);
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    const answers = answersTo(outcome);
    if (answers === null) break;
    outcome = await callTool(device, connectionId, { ...call, ...answers });
  }
  return outcome;
}

async function callTool(device: NodeDevice, connectionId: string, params: SuiteCall): Promise<Outcome> {
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
