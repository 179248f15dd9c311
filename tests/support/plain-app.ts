import { listen } from "./listen.ts";
import { mcpHandler, type Era } from "./mcp-handler.ts";
import { createTestServer, newExecutions, type Executions } from "./test-tools.ts";

export type PlainApp = {
  url: string;
  origin: string;
  port: number;
  executions: Executions;
  /** Header names and values of every request, lower case. */
  seenHeaders: Record<string, string | string[] | undefined>[];
  sessions: ReadonlyMap<string, unknown>;
} & AsyncDisposable;

/** An MCP server that asks for nothing, or for one static header, `value` or one of `others`. */
export async function startPlainApp(
  options: { header?: { name: string; value: string; others?: readonly string[] }; port?: number; era?: Era } = {},
): Promise<PlainApp> {
  const executions = newExecutions();
  const seenHeaders: PlainApp["seenHeaders"] = [];
  const mcp = mcpHandler(() => createTestServer(executions), options.era);
  const listening = await listen((request, response) => {
    seenHeaders.push(request.headers);
    if (new URL(request.url ?? "/", "http://app").pathname !== "/mcp") {
      response.writeHead(404).end();
      return;
    }
    const { header } = options;
    const sent = header === undefined ? "" : request.headers[header.name.toLowerCase()];
    if (header !== undefined && sent !== header.value && header.others?.some((other) => other === sent) !== true) {
      response.writeHead(401, { "content-type": "text/plain" }).end(`The header ${header.name} is needed.`);
      return;
    }
    void mcp.handle(request, response);
  }, options.port);
  return {
    url: `${listening.origin}/mcp`,
    origin: listening.origin,
    port: listening.port,
    executions,
    seenHeaders,
    sessions: mcp.sessions,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}
