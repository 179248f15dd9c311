import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "../support/listen.ts";
import { mcpHandler } from "../support/mcp-handler.ts";

/** What the app does wrong with one request; those of `after` come once the tool has been executed. */
export type Misbehaviour = "500" | "close" | "hang" | "close-after" | "hang-after";

/** An app that knows who called it and counts what it executed. */
export type OracleApp = {
  url: string;
  /** Executions by marker. */
  executions: ReadonlyMap<string, { count: number; account: string }>;
  /** What went wrong how often. */
  misbehaved: ReadonlyMap<Misbehaviour, number>;
  /** Asked for each request; null for none. */
  misbehave: (next: (executing: boolean) => Misbehaviour | null) => void;
} & AsyncDisposable;

export const ACCOUNT_HEADER = "x-account";
/** Each with what it says of being repeated. */
export const TOOLS = {
  note: {},
  put: { idempotentHint: true, destructiveHint: false },
  look: { readOnlyHint: true },
} as const;
export type OracleTool = keyof typeof TOOLS;

const HANG_MS = 60_000;
const decent: (executing: boolean) => Misbehaviour | null = () => null;

type Exchange = { account: string; response: ServerResponse };

export async function startOracleApp(): Promise<OracleApp> {
  const executions = new Map<string, { count: number; account: string }>();
  const misbehaved = new Map<Misbehaviour, number>();
  const exchanges = new AsyncLocalStorage<Exchange>();
  const over = new AbortController();
  let next = decent;

  const choose = (executing: boolean): Misbehaviour | null => {
    const chosen = next(executing);
    if (chosen !== null) misbehaved.set(chosen, (misbehaved.get(chosen) ?? 0) + 1);
    return chosen;
  };
  const execute = async ({ marker, ms }: { marker: string; ms: number }, signal: AbortSignal) => {
    const exchange = exchanges.getStore();
    const account = exchange?.account ?? "nobody";
    executions.set(marker, { count: (executions.get(marker)?.count ?? 0) + 1, account });
    const wrong = choose(true);
    if (wrong === "close-after") exchange?.response.destroy();
    const wait = wrong === "hang-after" ? HANG_MS : ms;
    if (wait > 0) await delay(wait, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    return { content: [{ type: "text" as const, text: JSON.stringify({ marker, account }) }] };
  };
  const createServer = (): McpServer => {
    const server = new McpServer({ name: "oracle", version: "1.0.0" });
    const inputSchema = z.object({ marker: z.string(), ms: z.int().min(0).max(60_000) });
    for (const [name, annotations] of Object.entries(TOOLS)) {
      server.registerTool(name, { description: "Counts its calls.", inputSchema, annotations }, (input, context) =>
        execute(input, context.mcpReq.signal),
      );
    }
    return server;
  };

  const mcp = mcpHandler(createServer);
  const listening = await listen((request, response) => {
    const account = request.headers[ACCOUNT_HEADER];
    if (typeof account !== "string") return void response.writeHead(401).end("The header x-account is needed.");
    switch (request.method === "POST" ? choose(false) : null) {
      case "500":
        return void response.writeHead(500, { "content-type": "text/plain" }).end("broken");
      case "close":
        return void response.destroy();
      case "hang":
        return void request.resume();
      default:
        return void exchanges.run({ account, response }, () => mcp.handle(request, response).catch(() => undefined));
    }
  });
  return {
    url: `${listening.origin}/mcp`,
    executions,
    misbehaved,
    misbehave: (chooser) => void (next = chooser),
    async [Symbol.asyncDispose]() {
      over.abort();
      await listening[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}
