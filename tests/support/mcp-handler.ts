import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

export type Era = "legacy" | "modern";

type McpNodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Both protocol eras on one address, or one of them: sessions for 2025, none for 2026-07-28. */
export function mcpHandler(
  createServer: () => McpServer,
  only?: Era,
): {
  handle: McpNodeHandler;
  sessions: ReadonlyMap<string, unknown>;
  close: () => Promise<void>;
} {
  const modern = createMcpHandler(createServer, { legacy: "reject" });
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  const legacy = async (request: Request): Promise<Response> => {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const known = sessions.get(id);
      return known === undefined ? refuse(404, "Session not found") : known.handleRequest(request);
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (sessionId) => void sessions.set(sessionId, transport),
      onsessionclosed: (sessionId) => void sessions.delete(sessionId),
    });
    await createServer().connect(transport);
    return transport.handleRequest(request);
  };

  const node = toNodeHandler({
    fetch: async (request, options) => {
      if (only !== "modern" && (await isLegacyRequest(request.clone()))) return legacy(request);
      return only === "legacy" ? refuse(400, "Unsupported protocol version") : modern.fetch(request, options);
    },
  });
  return {
    sessions,
    handle: (request, response) =>
      node(Object.assign(request, { method: request.method ?? "GET", url: request.url ?? "/" }), response),
    async close() {
      await Promise.all([modern.close(), ...[...sessions.values()].map((transport) => transport.close())]);
    },
  };
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });
}
