import { setTimeout as delay } from "node:timers/promises";
import { McpServer, type Transport } from "@modelcontextprotocol/server";
import { z } from "zod";

/** What the app saw: calls begun per tool, and how they ended. Tests compare these with what clients were told. */
export type Executions = { begun: Map<string, number>; finished: Map<string, number>; cancelled: Map<string, number> };

export const newExecutions = (): Executions => ({ begun: new Map(), finished: new Map(), cancelled: new Map() });

export const LONG_NAME = `search_${"all_the_records_of_the_archive_".repeat(4)}`.slice(0, 100);
export const ODD_NAME = "odd.name/with:signs";

/** A result that no schema of today knows; it must reach the client as it is. */
export const STRANGE_RESULT = {
  content: [
    { type: "text", text: "known", annotations: { audience: ["user"] }, _meta: { "example.com/part": 1 } },
    { type: "hologram", depth: 3, frames: ["a", "b"] },
  ],
  structuredContent: { nested: { list: [1, null, "x"] }, "odd key": true },
  isError: false,
  _meta: { "example.com/trace": { id: "t-1" } },
  "x-unknown": { kept: true },
};

const count = (counts: Map<string, number>, tool: string): void => void counts.set(tool, (counts.get(tool) ?? 0) + 1);

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

/** An MCP server with the tools that the suites need. One for each session or request. */
export function createTestServer(executions: Executions): McpServer {
  const server = new McpServer({ name: "test-app", title: "Test App", version: "1.2.3" });
  const run = async <T>(tool: string, work: () => T | Promise<T>): Promise<T> => {
    count(executions.begun, tool);
    try {
      const result = await work();
      count(executions.finished, tool);
      return result;
    } catch (error) {
      count(executions.cancelled, tool);
      throw error;
    }
  };

  server.registerTool(
    "echo",
    { title: "Echo", description: "Answers what it is given.", inputSchema: z.object({ message: z.string() }) },
    ({ message }) => run("echo", () => text(message)),
  );
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => run("add", () => ({ ...text(String(a + b)), structuredContent: { sum: a + b } })),
  );
  server.registerTool(
    "slow",
    {
      description: "Takes its time and reports progress.",
      inputSchema: z.object({ steps: z.int().min(1).max(1_000), stepMs: z.int().min(1).max(60_000) }),
    },
    ({ steps, stepMs }, { mcpReq }) =>
      run("slow", async () => {
        const progressToken = mcpReq._meta?.progressToken;
        for (let step = 1; step <= steps; step += 1) {
          await delay(stepMs, undefined, { signal: mcpReq.signal });
          if (progressToken === undefined) continue;
          const params = { progressToken, progress: step, total: steps, message: `step ${step}` };
          await mcpReq.notify({ method: "notifications/progress", params });
        }
        return text(`${steps} steps`);
      }),
  );
  server.registerTool(
    "delete-thing",
    {
      description: "Deletes a thing.",
      inputSchema: z.object({ id: z.string() }),
      annotations: { destructiveHint: true },
    },
    ({ id }) => run("delete-thing", () => text(`deleted ${id}`)),
  );
  server.registerTool("fail", { description: "Always fails.", annotations: { readOnlyHint: true } }, () =>
    run("fail", () => ({ ...text("It failed on purpose."), isError: true })),
  );
  for (const name of [LONG_NAME, ODD_NAME]) {
    server.registerTool(name, { description: "Has an unusual name.", annotations: { readOnlyHint: true } }, () =>
      run(name, () => text(name)),
    );
  }
  server.registerTool(
    "strange",
    { description: "Answers what no schema knows.", annotations: { readOnlyHint: true } },
    () => run("strange", () => text(STRANGE_MARK)),
  );
  sendStrangeResults(server);
  return server;
}

const STRANGE_MARK = "to be replaced by the strange result";

/** The SDK refuses to send what it does not know, so the answer is exchanged where it leaves the server. */
function sendStrangeResults({ server }: McpServer): void {
  const connect = server.connect.bind(server);
  server.connect = (transport: Transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      const strange = "result" in message && JSON.stringify(message.result).includes(STRANGE_MARK);
      return send(strange ? { ...message, result: { ...message.result, ...STRANGE_RESULT } } : message, options);
    };
    return connect(transport);
  };
}
