import {
  createMcpHandler,
  isLegacyRequest,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { serve } from "./serve.ts";

type Params = Record<string, unknown>;

/** What the app was told and asked, in the order of arrival. */
export type Heard = { method: string; params: Params };

export type TalkingApp = AsyncDisposable & {
  url: string;
  heard: Heard[];
  /** What each client said it can be asked: once a session, or with each request. */
  capabilities: unknown[];
  /** Streams that clients keep open to listen. */
  streams: () => number;
  /** Ends, and is there again at the same address without anything that it knew. */
  restart: () => Promise<void>;
  /** Says it to whoever listens. */
  resourceUpdated: (uri: string) => void;
  toolsChanged: () => void;
};

const TOOLS = [
  { name: "ask", inputSchema: { type: "object" as const } },
  { name: "ask-aside", inputSchema: { type: "object" as const } },
  { name: "ask-link", inputSchema: { type: "object" as const } },
  { name: "work", inputSchema: { type: "object" as const } },
  { name: "log", inputSchema: { type: "object" as const } },
];
const RESOURCES = [
  { uri: "notes://one", name: "One", mimeType: "text/plain", "x-unknown": { kept: true } },
  { uri: "notes://two", name: "Two" },
];

/** An app of the low-level SDK that asks, logs, lists resources and prompts, and tells of changes. */
export async function startTalkingApp(era: "legacy" | "modern"): Promise<TalkingApp> {
  const heard: Heard[] = [];
  const capabilities: unknown[] = [];
  const servers = new Map<string, { server: Server; transport: WebStandardStreamableHTTPServerTransport }>();
  let streams = 0;
  const startModern = () => createMcpHandler(() => createServer(heard), { legacy: "reject" });
  let modern = startModern();

  const legacy = async (request: Request): Promise<Response> => {
    const sessionId = request.headers.get("mcp-session-id");
    const known = servers.get(sessionId ?? "");
    if (known !== undefined) return known.transport.handleRequest(request);
    if (sessionId !== null) return new Response("Session not found", { status: 404 });
    const server = createServer(heard);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void servers.set(id, { server, transport }),
    });
    await server.connect(transport);
    return transport.handleRequest(request);
  };

  const handle = async (request: Request): Promise<Response> => {
    if (request.method === "GET" && era === "legacy") streams += 1;
    const body = await request.clone().text();
    capabilities.push(...capabilitiesIn(body));
    if (body.includes('"subscriptions/listen"')) streams += 1;
    // The SDK answers this one itself.
    if (body.includes('"logging/setLevel"')) heard.push({ method: "logging/setLevel", params: {} });
    const earlier = era === "legacy" || (await isLegacyRequest(request.clone()));
    return earlier ? legacy(request) : modern.fetch(request);
  };
  let served = await serve(handle);
  const stop = async (): Promise<void> => {
    await served[Symbol.asyncDispose]();
    await modern.close();
    await Promise.all([...servers.values()].map(({ transport }) => transport.close()));
    servers.clear();
  };

  return {
    url: served.origin,
    heard,
    capabilities,
    async restart() {
      const { port } = new URL(served.origin);
      await stop();
      modern = startModern();
      served = await serve(handle, Number(port));
    },
    streams: () => streams,
    resourceUpdated(uri) {
      modern.notify.resourceUpdated(uri);
      for (const { server } of servers.values()) void server.sendResourceUpdated({ uri }).catch(() => undefined);
    },
    toolsChanged() {
      modern.notify.toolsChanged();
      for (const { server } of servers.values()) void server.sendToolListChanged().catch(() => undefined);
    },
    [Symbol.asyncDispose]: stop,
  };
}

const capabilitiesSchema = z.object({
  params: z.union([
    z.object({ capabilities: z.unknown() }),
    z
      .object({ _meta: z.object({ "io.modelcontextprotocol/clientCapabilities": z.unknown() }) })
      .transform(({ _meta }) => ({ capabilities: _meta["io.modelcontextprotocol/clientCapabilities"] })),
  ]),
});

function capabilitiesIn(body: string): unknown[] {
  const said = body === "" ? null : capabilitiesSchema.safeParse(JSON.parse(body));
  return said?.success === true ? [said.data.params.capabilities] : [];
}

function createServer(heard: Heard[]): Server {
  const server = new Server(
    { name: "talking", version: "1" },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
    },
  );
  server.fallbackRequestHandler = async ({ method, params = {} }, { mcpReq }) => {
    heard.push({ method, params: { ...params } });
    switch (method) {
      case "tools/list":
        return { tools: TOOLS };
      case "resources/list":
        return { resources: RESOURCES };
      case "resources/templates/list":
        return { resourceTemplates: [{ uriTemplate: "notes://note/{id}", name: "Note" }, { broken: true }] };
      case "prompts/list":
        return { prompts: [{ name: "sum", arguments: [{ name: "of", required: true }] }] };
      case "resources/read":
        return { contents: [{ uri: String(params["uri"]), text: "Read.", "x-unknown": 1 }] };
      case "prompts/get":
        return { messages: [{ role: "user", content: { type: "text", text: "Sum up." } }] };
      case "completion/complete":
        return { completion: { values: ["a", "b"] } };
      case "resources/subscribe":
      case "resources/unsubscribe":
        return {};
      default:
        return callTool(String(params["name"]), mcpReq, server);
    }
  };
  return server;
}

async function callTool(
  name: string,
  mcpReq: Parameters<NonNullable<Server["fallbackRequestHandler"]>>[1]["mcpReq"],
  server: Server,
) {
  if (name === "log") {
    await mcpReq.notify({ method: "notifications/message", params: { level: "info", data: { odd: [1] } } });
    return { content: [] };
  }
  if (name === "work") {
    await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve()));
    return { content: [] };
  }
  const question = { message: "Which one?", requestedSchema: { type: "object", properties: {} }, "x-unknown": true };
  const anything = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;
  const asked = { method: "elicitation/create", params: question };
  if (name === "ask-link") {
    const link = { mode: "url", elicitationId: "link-1", url: "https://example.com/allow", message: "Allow it there." };
    await mcpReq.send({ method: "elicitation/create", params: link }, anything);
    await mcpReq.notify({ method: "notifications/elicitation/complete", params: { elicitationId: "link-1" } });
    return { content: [] };
  }
  const aside = name === "ask-aside";
  const answer = aside ? await server.request(asked, anything) : await mcpReq.send(asked, anything);
  return { content: [{ type: "text", text: JSON.stringify(answer) }] };
}
