import { setTimeout as delay } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "../support/listen.ts";
import { mcpHandler } from "../support/mcp-handler.ts";

/** An app whose tools take long and say much. */
export type LongApp = {
  url: string;
  begun: () => number;
  finished: () => number;
  /** Calls whose callers went away, or were given up. */
  aborted: () => number;
} & AsyncDisposable;

const STEP_MS = 100;

export async function startLongApp(): Promise<LongApp> {
  const counts = { begun: 0, finished: 0, aborted: 0 };
  const createServer = (): McpServer => {
    const server = new McpServer({ name: "long", version: "1.0.0" });
    server.registerTool(
      "work",
      {
        description: "Works for as long as it is told, and says so.",
        inputSchema: z.object({ ms: z.int(), silent: z.boolean().default(false) }),
      },
      async ({ ms, silent }, { mcpReq }) => {
        counts.begun += 1;
        const progressToken = mcpReq._meta?.progressToken;
        try {
          for (let spent = 0; spent < ms; spent += STEP_MS) {
            await delay(STEP_MS, undefined, { signal: mcpReq.signal });
            if (silent || progressToken === undefined) continue;
            await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: spent } });
          }
        } catch (error) {
          counts.aborted += 1;
          throw error;
        }
        counts.finished += 1;
        return { content: [{ type: "text", text: `worked for ${ms} ms` }] };
      },
    );
    server.registerTool(
      "report",
      {
        description: "Says as many numbered lines as it is told.",
        inputSchema: z.object({ lines: z.int() }),
        annotations: { readOnlyHint: true },
      },
      ({ lines }) => ({ content: [{ type: "text", text: reportOf(lines) }] }),
    );
    return server;
  };
  const mcp = mcpHandler(createServer);
  const listening = await listen((request, response) => void mcp.handle(request, response).catch(() => undefined));
  return {
    url: `${listening.origin}/mcp`,
    begun: () => counts.begun,
    finished: () => counts.finished,
    aborted: () => counts.aborted,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}

/** Each line is 64 characters long. */
export const reportOf = (lines: number): string =>
  Array.from({ length: lines }, (_each, line) => `line ${line}`.padEnd(63, ".") + "\n").join("");
