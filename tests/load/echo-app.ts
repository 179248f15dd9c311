import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "../support/listen.ts";
import { mcpHandler } from "../support/mcp-handler.ts";

/** An app as its own SDK makes it, with nothing but the tools that are measured: one that reads, one that writes. */
export async function startEchoApp(): Promise<{ url: string }> {
  const mcp = mcpHandler(() => {
    const server = new McpServer({ name: "echo", version: "1.0.0" });
    for (const [name, readOnlyHint] of [
      ["echo", true],
      ["send", false],
    ] as const) {
      server.registerTool(
        name,
        {
          description: "Answers what it is given.",
          inputSchema: z.object({ message: z.string() }),
          annotations: { readOnlyHint },
        },
        ({ message }) => ({ content: [{ type: "text", text: message }] }),
      );
    }
    return server;
  });
  const { origin } = await listen((request, response) => void mcp.handle(request, response));
  return { url: `${origin}/mcp` };
}
