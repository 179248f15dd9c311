import { text } from "node:stream/consumers";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { Endpoint } from "../support/clients.ts";
import { listen } from "../support/listen.ts";
import { connectApp, deploy, keyFor, startProduct, type App, type Product } from "../support/product.ts";
import { answerQuestion } from "./answer-questions.ts";
import { programCommand } from "./run-client-suite.ts";
import { suiteCalls, suiteContextSchema } from "./suite-calls.ts";

/** `command` is what a client suite is to start for each scenario. */
export type BrowserClient = { command: string } & AsyncDisposable;

const CALL_MS = 10_000;

const scenarioSchema = z.object({ url: z.string(), context: z.string() });
const connectionSchema = z.looseObject({ connectionId: z.string(), status: z.string() });

/**
 * The extension in Chromium as the client of the suites' servers: each becomes an app, all its tools a persona, and a
 * client of the SDK calls each of them through the relay.
 */
export async function startBrowserClient(): Promise<BrowserClient> {
  const product = await startProduct({ env: { LOG_LEVEL: "warn", RATE_LIMIT: "100000" } });
  const listening = await listen((request, response) => {
    text(request)
      .then(async (body) => playScenario(product, scenarioSchema.parse(JSON.parse(body))))
      .then(
        () => response.end("played"),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  return {
    command: `${programCommand("ask-browser.ts")} "${listening.origin}"`,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await product[Symbol.asyncDispose]();
    },
  };
}

async function playScenario(product: Product, scenario: z.infer<typeof scenarioSchema>): Promise<void> {
  const { browser, relay } = product;
  const app = await connectApp(browser, scenario.url, "Suite");
  const context = suiteContextSchema.parse(JSON.parse(scenario.context));
  const calls = suiteCalls(context, await browser.rows("tools"), app.connectionId);
  if (calls.length === 0) return;
  const persona = await deploy(browser, relay, app, { prefixing: false, lossless: true });
  await using caller = await connectCaller(await keyFor(browser, persona));
  for (const call of calls) {
    await caller.call(call);
    if (!(await needsSignIn(product, app))) continue;
    // What a person does who is told so.
    await browser.command("apps.connect", { connectionId: app.connectionId });
    await caller.call(call);
  }
}

async function needsSignIn({ browser }: Product, { connectionId }: App): Promise<boolean> {
  const rows = z.array(connectionSchema).parse(await browser.rows("connections"));
  return rows.some((row) => row.connectionId === connectionId && row.status === "needs_sign_in");
}

type Caller = { call: (params: { name: string; arguments: Record<string, unknown> }) => Promise<void> };

/** Somebody who answers whatever is asked. */
async function connectCaller({ url, accessKey }: Endpoint): Promise<Caller & AsyncDisposable> {
  const client = new Client(
    { name: "suite", version: "1" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    const answer = answerQuestion({ method: "elicitation/create", params });
    if (answer.kind !== "result") throw new Error("There is no answer.");
    return { action: "accept", content: contentSchema.parse(answer.result["content"]) };
  });
  const headers = { authorization: `Bearer ${accessKey}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  // So that it repeats arguments as headers where a tool asks for it.
  await client.listTools();
  return {
    // The suite judges by what its server saw, errors included.
    call: (params) => client.callTool(params, { timeout: CALL_MS }).then(noop, noop),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

const contentSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));
const noop = (): void => undefined;
