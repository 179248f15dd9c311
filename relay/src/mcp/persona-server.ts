import { AsyncLocalStorage } from "node:async_hooks";
import { LEGACY_PROTOCOLS, MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type JSONRPCRequest,
  type ServerCapabilities,
  type Result,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { PublishedPersona } from "../deps.ts";
import { canBeAsked } from "./caller-capabilities.ts";
import { callTool, type CallToolDeps } from "./call-tool.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { instructionsOf } from "./instructions.ts";
import { listPrompts, listResources, listTemplates } from "./list-items.ts";
import { listTools } from "./list-tools.ts";
import { complete, getPrompt, readResource } from "./read-item.ts";
import { subscribe, unsubscribe, type Subscriptions } from "./subscribe.ts";

export type PersonaServerDeps = CallToolDeps & {
  /** Which exchange a web request belongs to. */
  exchanges: WeakMap<Request, Exchange>;
  subscriptions: () => Subscriptions;
};

export type PersonaServers = (persona: PublishedPersona, options: { era: Exchange["era"]; answers: boolean }) => Server;

type Method = (
  params: unknown,
  exchange: Exchange,
  context: RequestContext,
  deps: CallToolDeps,
) => Result | Promise<Result>;

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["tools/list", listTools],
  ["tools/call", callTool],
  ["resources/list", listResources],
  ["resources/templates/list", listTemplates],
  ["resources/read", readResource],
  ["prompts/list", listPrompts],
  ["prompts/get", getPrompt],
  ["completion/complete", complete],
]);
/** Of earlier revisions only; in 2026-07-28 a stream takes their place. */
const LEGACY_METHODS: ReadonlyMap<string, typeof subscribe> = new Map([
  ["resources/subscribe", subscribe],
  ["resources/unsubscribe", unsubscribe],
]);
/** Of other methods the SDK says that it does not know them, with the status their revision wants. */
export const isServed = (method: string | null): boolean => method !== null && METHODS.has(method);

/** Longest that a client may take to answer a question. Milliseconds. */
const ANSWER_MS = 10 * 60_000;

/** Makes MCP servers that answer for a persona; everything about the caller comes with each request. */
export function createPersonaServers(deps: PersonaServerDeps): PersonaServers {
  const answer = async (request: JSONRPCRequest, context: ServerContext): Promise<Result> => {
    const exchange = context.http?.req === undefined ? undefined : deps.exchanges.get(context.http.req);
    if (exchange === undefined) throw new ProtocolError(ProtocolErrorCode.InternalError, "Internal error");
    const listening = exchange.era === "legacy" ? LEGACY_METHODS.get(request.method) : undefined;
    if (listening !== undefined) return listening(request.params, exchange, deps.subscriptions());
    const method = METHODS.get(request.method);
    if (method === undefined) throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found");
    return method(request.params, exchange, contextOf(context, exchange), deps);
  };
  // One for all: each server would otherwise compile its own.
  const jsonSchemaValidator = new CfWorkerJsonSchemaValidator();

  return (persona, { era, answers }) => {
    const { name, version } = persona.version;
    const server = new Server(
      { name, version: String(version) },
      {
        capabilities: capabilitiesOf(persona),
        instructions: instructionsOf(persona.version),
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

function contextOf({ mcpReq, http }: ServerContext, { capabilities, callId }: Exchange): RequestContext {
  // What comes from the app comes in the context of its device's socket; it is kept with the request it belongs to.
  const here = AsyncLocalStorage.snapshot();
  // Only for a client that reads streams and was told where to come back to.
  const leave = callId === undefined ? undefined : http?.closeSSE;
  return {
    signal: mcpReq.signal,
    ...(leave !== undefined && { leave }),
    // A caller that has gone away misses it, nothing more.
    notify: (method, params) => void here(() => mcpReq.notify({ method, params })).catch(() => undefined),
    ask: async ({ method, params }, signal) => {
      if (!canBeAsked(capabilities, method)) return refusal(-32_601, "The client cannot be asked this");
      try {
        const options = { signal, timeout: ANSWER_MS };
        return { kind: "result", result: await here(() => mcpReq.send({ method, params }, answerSchema, options)) };
      } catch (error) {
        if (error instanceof ProtocolError) return refusal(error.code, error.message);
        throw error;
      }
    },
    answers: mcpReq.inputResponses ?? {},
    state: z.string().safeParse(mcpReq.requestState()).data,
  };
}

const answerSchema = z.looseObject({});
const refusal = (code: number, message: string): Outcome => ({ kind: "error", error: { code, message } });

/** The same for every caller of a persona in either era, whatever its apps can do at the moment. */
function capabilitiesOf({ version }: PublishedPersona): ServerCapabilities {
  const hasPrompts =
    (version.recipes ?? []).length > 0 || version.slots.some(({ prompts }) => (prompts ?? "none") !== "none");
  return {
    tools: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    ...(hasPrompts && { prompts: { listChanged: true } }),
    completions: {},
    logging: {},
  };
}
