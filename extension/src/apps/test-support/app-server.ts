import {
  createMcpHandler,
  isLegacyRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { serve, type Handler } from "./serve.ts";
import type { StrictServer } from "./strict-server.ts";

export type AppServer = AsyncDisposable & {
  origin: string;
  url: string;
  executed: string[];
  /** Ids of the sessions of 2025 eras. */
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>;
  requests: { method: string; headers: Headers; body: string }[];
  /** Looks at each request first; answers it by answering anything but null. */
  guard: (request: Request) => Response | null | Promise<Response | null>;
  /** The 401 that says where to sign in. */
  challenge: () => Response;
  /** Named in place of its one authorization server. */
  servers: string[] | null;
  /** Names another authorization server from now on. */
  moveTo: (authorization: StrictServer) => void;
};

export type AppServerOptions = { era?: "legacy" | "both"; authorization?: StrictServer };

/** A real MCP server of the official SDK; with an authorization server it takes only that one's tokens. */
export async function startAppServer({ era = "both", ...options }: AppServerOptions = {}): Promise<AppServer> {
  let { authorization } = options;
  const executed: string[] = [];
  const sessions: AppServer["sessions"] = new Map();
  const modern = createMcpHandler(() => createTools(executed), { legacy: "reject" });

  const legacy: Handler = async (request) => {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const known = sessions.get(id);
      if (known !== undefined) return known.handleRequest(request);
      const error = { code: -32_001, message: "Session not found" };
      return Response.json({ jsonrpc: "2.0", id: null, error }, { status: 404 });
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (sessionId) => void sessions.set(sessionId, transport),
      onsessionclosed: (sessionId) => void sessions.delete(sessionId),
    });
    await createTools(executed).connect(transport);
    return transport.handleRequest(request);
  };

  const served = await serve(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/.well-known/oauth-protected-resource/mcp" && authorization !== undefined) {
      const resource = {
        resource: app.url,
        authorization_servers: app.servers ?? [authorization.issuer],
        scopes_supported: ["tools"],
      };
      return Response.json(resource);
    }
    if (pathname !== "/mcp") return new Response("not here", { status: 404 });
    const { method, headers } = request;
    app.requests.push({ method, headers, body: await request.clone().text() });
    const guarded = await app.guard(request);
    if (guarded !== null) return guarded;
    if (authorization !== undefined && !authorization.isValid(bearerOf(request))) {
      return app.challenge();
    }
    return era === "legacy" || (await isLegacyRequest(request.clone())) ? legacy(request) : modern.fetch(request);
  });

  const app: AppServer = {
    origin: served.origin,
    url: `${served.origin}/mcp`,
    executed,
    sessions,
    requests: [],
    servers: null,
    guard: () => null,
    challenge() {
      const url = `${served.origin}/.well-known/oauth-protected-resource/mcp`;
      const challenge = { "www-authenticate": `Bearer resource_metadata="${url}", scope="tools"` };
      return new Response(null, { status: 401, headers: challenge });
    },
    moveTo: (other) => void (authorization = other),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await modern.close();
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
    },
  };
  return app;
}

const bearerOf = (request: Request): string | undefined =>
  /^Bearer (.+)$/u.exec(request.headers.get("authorization") ?? "")?.[1];

function createTools(executed: string[]): McpServer {
  const server = new McpServer({ name: "fake-app", title: "Fake App", version: "1.0.0" });
  server.registerTool(
    "echo",
    { description: "Answers what it gets.", inputSchema: z.object({ text: z.string() }) },
    ({ text }) => {
      executed.push(text);
      return { content: [{ type: "text", text }] };
    },
  );
  server.registerTool("delete_all", { description: "Deletes.", inputSchema: z.object({}) }, () => ({ content: [] }));
  server.registerTool(
    "slow",
    { description: "Takes its time.", inputSchema: z.object({ ms: z.number() }), annotations: { readOnlyHint: true } },
    async ({ ms }, context) => {
      executed.push("slow");
      const token = context.mcpReq._meta?.progressToken;
      if (token !== undefined) {
        const params = { progressToken: token, progress: 1, total: 2, message: "half way" };
        await context.mcpReq.notify({ method: "notifications/progress", params });
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        context.mcpReq.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          executed.push("cancelled");
          resolve();
        });
      });
      return { content: [{ type: "text", text: "done" }] };
    },
  );
  return server;
}
