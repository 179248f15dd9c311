import {
  scriptCallSchema,
  scriptResultSchema,
  scriptRunningSchema,
  scriptToolsSchema,
  scriptWaitSchema,
} from "@agent-personas/shared/api/scripts";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { accountInfo } from "../mcp/account-info.ts";
import { accountInfoSchema } from "../mcp/account-info-schema.ts";
import { accountArguments, FREE_TOOLS, isBuiltIn, WAIT_FOR_CALL } from "../mcp/built-in-tools.ts";
import { callBuiltIn } from "../mcp/call-built-in.ts";
import { checkPersona } from "../mcp/check-persona.ts";
import { clientOfUserAgent } from "../mcp/client-name.ts";
import type { Exchange } from "../mcp/exchange.ts";
import { stillRunning } from "../mcp/render-outcome.ts";
import { executeTool } from "../mcp/execute-tool.ts";
import { listedTools } from "../mcp/listed-tools.ts";
import { noteUse } from "../mcp/note-use.ts";
import { unwrapCall } from "../mcp/unwrap-call.ts";
import { traceparentOf } from "../http/traceparent-of.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<
  RelayDeps,
  "config" | "store" | "now" | "personas" | "inbound" | "devices" | "limits" | "usage" | "tunnel"
>;

const personaParams = z.strictObject({ slug: z.string() });
const toolParams = z.strictObject({ slug: z.string(), name: z.string() });
const callParams = z.strictObject({ slug: z.string(), handle: z.string() });
const answers = { 200: scriptResultSchema, 202: scriptRunningSchema };
/** Characters of an app's message that are repeated. */
const MESSAGE_LENGTH = 500;

/** A persona's tools for scripts, by access key or sign-in: the checks, limits and way of the MCP endpoint. */
export function scriptRoutes(app: FastifyInstance, deps: Deps): void {
  const callers = new WeakMap<FastifyRequest, Exchange>();
  // Before the body is read: nobody without a credential makes us take one in.
  app.addHook<{ Params: { slug: string } }>("onRequest", async (request) => {
    callers.set(request, await identify(request, request.params.slug, deps));
  });
  const callerOf = (request: FastifyRequest): Exchange => {
    const caller = callers.get(request);
    if (caller === undefined) throw new AppError("internal_error");
    return caller;
  };
  const run = async (asked: ToolCall, request: FastifyRequest, reply: FastifyReply) => {
    const caller = callerOf(request);
    const { version } = caller.persona;
    const call = unwrapCall(asked, version);
    if (!FREE_TOOLS.has(call.name)) await deps.limits.countRequest(caller);
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const context = { signal: gone.signal, notify: () => undefined };
    const execute = isBuiltIn(call.name, version) ? callBuiltIn : executeTool;
    const outcome = await execute(call, caller, context, deps);
    if (outcome.kind !== "parked") return resultOf(outcome);
    const { handle } = outcome;
    void reply.code(202).header("location", `/api/v1/personas/${caller.persona.slug}/calls/${handle}`);
    return { ...stillRunning(handle), handle };
  };
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    "/personas/:slug/tools",
    { schema: { params: personaParams, response: { 200: scriptToolsSchema } }, config: LIMITS.reading },
    (request) => ({ tools: listedTools(callerOf(request)) }),
  );
  routes.get(
    "/personas/:slug/account",
    {
      schema: { params: personaParams, querystring: accountArguments, response: { 200: accountInfoSchema } },
      config: LIMITS.reading,
    },
    (request) => accountInfo(callerOf(request), deps, request.query.tool),
  );
  routes.post(
    "/personas/:slug/tools/:name",
    { schema: { params: toolParams, body: scriptCallSchema, response: answers } },
    (request, reply) => run({ name: request.params.name, arguments: request.body.arguments }, request, reply),
  );
  routes.get(
    "/personas/:slug/calls/:handle",
    { schema: { params: callParams, querystring: scriptWaitSchema, response: answers } },
    (request, reply) => {
      const { handle } = request.params;
      const timeoutSeconds = request.query.wait;
      return run({ name: WAIT_FOR_CALL, arguments: { handle, timeoutSeconds } }, request, reply);
    },
  );
}

type ToolCall = { name: string; arguments: Record<string, unknown> };

async function identify(request: FastifyRequest, slug: string, deps: Deps): Promise<Exchange> {
  const principal = await deps.inbound.authenticate({
    authorization: request.headers.authorization,
    headers: request.headers,
    query: new URL(request.url, deps.config.publicUrl).searchParams,
    address: request.ip,
    endpoint: { kind: "persona", slug },
  });
  const persona = await checkPersona(deps.personas, slug, principal);
  const client = clientOfUserAgent(request.headers["user-agent"]);
  noteUse(deps.usage, principal, client);
  return {
    principal,
    persona,
    era: "modern",
    client,
    capabilities: {},
    logLevel: null,
    hearsStreams: false,
    session: null,
    requestId: request.id,
    traceparent: traceparentOf(request.headers["traceparent"], null),
  };
}

/** @throws AppError of the outcome; `app_error` for what the app answered as a JSON-RPC error */
function resultOf(outcome: Exclude<Outcome, { kind: "parked" }>): Record<string, unknown> {
  switch (outcome.kind) {
    case "result":
      return outcome.result;
    case "error": {
      const { code, message } = outcome.error;
      const reason = message.replaceAll(/\p{C}/gu, " ").trim().slice(0, MESSAGE_LENGTH);
      throw new AppError("app_error", { detail: { reason, code: String(code) } });
    }
    case "fault":
      throw new AppError(outcome.code, { detail: outcome.detail });
  }
}
