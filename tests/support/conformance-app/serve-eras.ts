import { randomUUID } from "node:crypto";
import {
  createMcpHandler,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Era } from "../mcp-handler.ts";
import { createEventStore } from "./event-store.ts";

type Made = { server: McpServer; refresh: () => void };
type Session = Made & { transport: WebStandardStreamableHTTPServerTransport; subscribed: Set<string> };

export type Eras = {
  fetch: (request: Request) => Promise<Response>;
  /** Of 2025; 2026-07-28 has none. */
  sessions: ReadonlyMap<string, Session>;
  changed: (kind: "tool" | "prompt") => void;
  resourceUpdated: (uri: string) => void;
  close: () => Promise<void>;
};

const MAX_SESSIONS = 500;
const RETRY_MS = 100;

/** Both protocol eras on one address, or one of them: resumable sessions for 2025, none for 2026-07-28. */
export function serveEras(createServer: () => Made, only?: Era): Eras {
  const modern = createMcpHandler(() => createServer().server, { legacy: "reject" });
  const sessions = new Map<string, Session>();

  const open = async (request: Request): Promise<Response> => {
    const { server, refresh } = createServer();
    const subscribed = new Set<string>();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: createEventStore(),
      retryInterval: RETRY_MS,
      onsessioninitialized: (id) => {
        sessions.set(id, { server, refresh, transport, subscribed });
        const [oldest] = sessions;
        if (sessions.size > MAX_SESSIONS && oldest !== undefined) void end(oldest);
      },
      onsessionclosed: (id) => void sessions.delete(id),
    });
    server.server.setRequestHandler("resources/subscribe", ({ params }) => {
      subscribed.add(params.uri);
      return {};
    });
    server.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
      subscribed.delete(params.uri);
      return {};
    });
    await server.connect(transport);
    return transport.handleRequest(request);
  };

  const end = async ([id, { transport }]: [string, Session]): Promise<void> => {
    sessions.delete(id);
    await transport.close();
  };

  const legacy = async (request: Request): Promise<Response> => {
    const id = request.headers.get("mcp-session-id");
    if (id === null) return open(request);
    return sessions.get(id)?.transport.handleRequest(request) ?? refuse(404, "Session not found");
  };

  return {
    sessions,
    fetch: async (request) => {
      if (only === "modern") return modern.fetch(request);
      if (await isLegacyRequest(request.clone())) return legacy(request);
      return only === "legacy" ? refuse(400, "Bad Request: Unsupported protocol version") : modern.fetch(request);
    },
    changed(kind) {
      if (kind === "tool") modern.notify.toolsChanged();
      else modern.notify.promptsChanged();
      for (const { refresh } of sessions.values()) refresh();
    },
    resourceUpdated(uri) {
      modern.notify.resourceUpdated(uri);
      for (const { server, subscribed } of sessions.values()) {
        if (subscribed.has(uri)) void server.server.sendResourceUpdated({ uri }).catch(() => undefined);
      }
    },
    async close() {
      await Promise.all([modern.close(), ...[...sessions].map(end)]);
    },
  };
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });
}
