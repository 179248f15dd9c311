import { LEGACY_PROTOCOLS, MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type JSONRPCRequest,
  type Result,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
import type { PublishedPersona } from "../deps.ts";
import { callTool, type CallToolDeps } from "./call-tool.ts";
import type { Exchange } from "./exchange.ts";
import { listTools } from "./list-tools.ts";

export type PersonaServerDeps = CallToolDeps & {
  /** Which exchange a web request belongs to. */
  exchanges: WeakMap<Request, Exchange>;
};

export type PersonaServers = (persona: PublishedPersona, options: { era: Exchange["era"]; answers: boolean }) => Server;

const METHODS = new Set(["tools/list", "tools/call"]);
/** Of other methods the SDK says that it does not know them, with the status their revision wants. */
export const isServed = (method: string | null): boolean => method !== null && METHODS.has(method);

/** Makes MCP servers that answer for a persona; everything about the caller comes with each request. */
export function createPersonaServers(deps: PersonaServerDeps): PersonaServers {
  const answer = async (request: JSONRPCRequest, context: ServerContext): Promise<Result> => {
    const exchange = context.http?.req === undefined ? undefined : deps.exchanges.get(context.http.req);
    if (exchange === undefined) throw new ProtocolError(ProtocolErrorCode.InternalError, "Internal error");
    switch (request.method) {
      case "tools/list":
        return listTools(request.params, exchange);
      case "tools/call":
        return callTool(
          request.params,
          exchange,
          {
            signal: context.mcpReq.signal,
            notify: (params) => {
              // A caller that has gone away misses its progress, nothing more.
              context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
            },
          },
          deps,
        );
      default:
        throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found");
    }
  };
  // One for all: each server would otherwise compile its own.
  const jsonSchemaValidator = new CfWorkerJsonSchemaValidator();

  return (persona, { era, answers }) => {
    const { name, version } = persona.version;
    const server = new Server(
      { name, version: String(version) },
      {
        capabilities: { tools: {} },
        instructions: instructionsOf(persona),
        supportedProtocolVersions: era === "legacy" ? [...LEGACY_PROTOCOLS] : [MODERN_PROTOCOL],
        jsonSchemaValidator,
      },
    );
    // As fallback and not as handler: a handler's results are rebuilt from the SDK's own schema, which drops
    // what it does not know, and the app's answer has to arrive whole.
    if (answers) server.fallbackRequestHandler = answer;
    return server;
  };
}

function instructionsOf(persona: PublishedPersona): string {
  const { name, description } = persona.version;
  const about = description === "" ? "" : ` ${description}`;
  return `Tools of the persona “${name}”.${about} Each call is executed by its owner's browser, which must be open.`;
}
