import { AppError } from "@agent-personas/shared/errors/app-error";
import type { StateKey } from "@agent-personas/shared/mcp/sealed-state";
import { MODERN_PROTOCOL, REQUEST_BYTES, SESSION_IDLE_MS } from "@agent-personas/shared/mcp/protocol";
import { classifyInboundRequest, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppNews, Caller, RelayDeps, SessionCloser } from "../deps.ts";
import { renderEndpointPage } from "../http/endpoint-page.ts";
import { siteOf } from "../http/page.ts";
import { wantsPage } from "../http/wants-page.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import { checkPersona } from "./check-persona.ts";
import { checkSize } from "./check-size.ts";
import { addressOf, resourceMetadataOf, type EndpointRequest } from "./endpoint-address.ts";
import { countedRequests } from "./counted-requests.ts";
import type { Exchange } from "./exchange.ts";
import { createLegacy } from "./legacy.ts";
import { isMethod } from "./is-method.ts";
import { createLiveSessions } from "./live-sessions.ts";
import { createModern } from "./modern.ts";
import { createNotices } from "./notices.ts";
import { createOpenQuestions } from "./open-questions.ts";
import { createOpenRequests } from "./open-requests.ts";
import { createPersonaServers } from "./persona-server.ts";
import { renderRefusal } from "./render-refusal.ts";
import { createResume, type Resume } from "./resume/resume.ts";
import { registerRoutes } from "./routes.ts";
import { readsOnlyJson, webRequest } from "./web-request.ts";
import { sendWebResponse } from "./web-response.ts";

const SWEEP_MS = 5 * 60_000;
/** How long a credential counts that was checked before the body was read. Milliseconds. */
const ADMITTED_MS = 250;

export type McpDeps = Pick<
  RelayDeps,
  "config" | "store" | "log" | "now" | "personas" | "inbound" | "usage" | "tunnel" | "limits" | "devices" | "observe"
> & { stepUps: StepUps; stateKey: StateKey };

export type Endpoint = SessionCloser & {
  /** Ends the streams that clients keep open without asking anything, so that a stopping relay need not wait for them. */
  endStreams: () => void;
  /** What an app said outside of any call. */
  onNotice: (news: AppNews) => void;
  /** A browser of this person came, went, or can serve something else. */
  onStatus: (userId: string) => void;
  /** The outcome of a call that the process before this one made. */
  onLate: Resume["keepLate"];
  /** What it holds; zero requests when nothing is going on, and soon no live session either. */
  counts: () => { requests: number; live: number };
  /** What it keeps for clients that were cut off. */
  events: Resume["size"];
};

/** Serves MCP at `/p/<slug>/mcp`, `/k/<slug>/mcp`, `/x/<slug>/mcp` and the bare relay; answers what ends sessions from outside. */
export function mcpRoutes(app: FastifyInstance, deps: McpDeps): Endpoint {
  const exchanges = new WeakMap<Request, Exchange>();
  const resume = createResume(deps);
  const questions = createOpenQuestions(deps);
  const notices = createNotices(deps);
  const servers = createPersonaServers({ ...deps, exchanges, questions, subscriptions: () => live.subscriptions });
  const live = createLiveSessions({
    servers,
    notices,
    publicUrl: deps.config.publicUrl,
    keepSubscriptions: deps.store.sessions.setSubscriptions,
    events: resume.events,
  });
  const legacy = createLegacy({ ...deps, live, exchanges, resume });
  const modern = createModern({ ...deps, servers, exchanges, notices });
  const open = createOpenRequests();
  const site = siteOf(deps.config);
  const admitted = new WeakMap<FastifyRequest, { caller: Caller; at: number; again: () => Promise<Caller> }>();

  const identify = async (request: EndpointRequest): Promise<Caller> => {
    const endpoint = addressOf(request);
    const principal = await deps.inbound.authenticate({
      authorization: request.headers.authorization,
      headers: request.headers,
      query: new URL(request.url, deps.config.publicUrl).searchParams,
      address: request.ip,
      endpoint,
    });
    return { principal, persona: await checkPersona(deps.personas, endpoint.slug, principal) };
  };

  /** Before the body is read: nobody without a credential makes us take one in. */
  const admit = async (request: EndpointRequest): Promise<void> => {
    checkSize(request.headers["content-length"]);
    const caller = await identify(request);
    admitted.set(request, { caller, at: performance.now(), again: () => identify(request) });
  };

  /** A client may send its body slowly, and lose its credential meanwhile. */
  const callerOf = async (request: FastifyRequest): Promise<Caller> => {
    const known = admitted.get(request);
    if (known === undefined) throw new AppError("internal_error");
    return performance.now() - known.at > ADMITTED_MS ? known.again() : known.caller;
  };

  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const caller = await callerOf(request);
    checkMethod(request);
    const { body } = request;
    if (request.method === "POST" && body === undefined) throw parseError();
    if (caller.principal.kind === "external") deps.limits.countStranger(caller.principal.id);
    const endless = request.method === "GET" || isMethod(body, "subscriptions/listen");
    const { signal, abort, end } = open.add(caller, endless);
    const releases = [end];
    const onEnd = (): void => releases.splice(0).forEach((release) => release());
    reply.raw.once("close", () => {
      // Of an answer that is out nothing is left to stop.
      if (!reply.raw.writableFinished) abort();
    });
    try {
      const web = webRequest(request, { publicUrl: deps.config.publicUrl, signal });
      const hearsStreams = !readsOnlyJson(request.headers.accept);
      const onSent = (callback: () => void): void => void reply.raw.once("finish", callback);
      const { traceparent } = deps.observe.begin(request, reply, { endless });
      const inbound = { request: web, body, caller, requestId: request.id, traceparent, hearsStreams, onSent };
      const outcome = classifyInboundRequest({ httpMethod: request.method, ...versionHeaders(web), body });
      if (outcome.kind === "modern") modern.checkHeaders(inbound);
      // What no revision understands is answered without being counted: nothing would be executed.
      const counted = outcome.kind === "reject" ? 0 : countedRequests(body);
      if (counted > 0) await deps.limits.countRequest(caller, counted);
      const response =
        outcome.kind === "legacy"
          ? await legacy(inbound, (release) => releases.push(release))
          : await modern.handle(inbound, outcome);
      const json = endless || hearsStreams ? null : Array.isArray(body) ? "batch" : "one";
      return await sendWebResponse(response, reply, { json, onEnd });
    } catch (error) {
      onEnd();
      throw error;
    }
  };

  const refuse = async (error: unknown, request: EndpointRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { status, headers, body, code } = renderRefusal(error, {
      publicUrl: deps.config.publicUrl,
      requestId: request.id,
      credentialSent: (request.headers.authorization ?? "") !== "",
      resourceMetadata: await resourceMetadataOf(request, deps),
      foreign: addressOf(request).kind === "passthrough",
      toolCall: isMethod(request.body, "tools/call") ? eraOf(request) : null,
      id: idOf(request.body),
    });
    deps.observe.refused(code);
    if (status >= 500) request.log.error({ err: error }, "mcp request failed");
    reply.code(status).headers(headers);
    if (!wantsPage(request)) return reply.send(body);
    return reply.type("text/html; charset=utf-8").send(renderEndpointPage(site, error, request.id));
  };

  registerRoutes(app, { admit, serve, refuse, bodyLimit: REQUEST_BYTES, parse: parseBody });

  const sweep = setInterval(() => {
    // An open stream is use, too.
    for (const sessionId of live.inUse()) deps.usage.sessionUsed(sessionId);
    deps.store.sessions
      .deleteIdle(deps.now() - SESSION_IDLE_MS)
      .catch((error: unknown) => deps.log.error({ err: error }, "idle sessions could not be removed"));
  }, SWEEP_MS).unref();
  app.addHook("preClose", async () => {
    clearInterval(sweep);
    questions.abortAll();
    await Promise.all([live.endWhere(() => true), modern.close()]);
    await resume.close();
  });

  return {
    closeOfPrincipal: async (principalId) => {
      open.abortOfPrincipal(principalId);
      resume.drop(await deps.store.sessions.deleteOfPrincipal(principalId));
      await live.endWhere((row) => row.principalId === principalId);
    },
    closeOfPersona: async (personaId) => {
      open.abortOfPersona(personaId);
      resume.drop(await deps.store.sessions.deleteOfPersona(personaId));
      await live.endWhere((row) => row.personaId === personaId);
    },
    personaSaved: notices.personaSaved,
    onNotice: notices.fromApp,
    onStatus: notices.statusChanged,
    onLate: resume.keepLate,
    endStreams: open.abortEndless,
    counts: () => ({ requests: open.size(), live: live.size() }),
    events: resume.size,
  };
}

const eraOf = ({ headers }: FastifyRequest): Exchange["era"] =>
  headers["mcp-protocol-version"] === MODERN_PROTOCOL ? "modern" : "legacy";

/** In the era without sessions there is POST only; elsewhere GET and DELETE speak of a session. */
function checkMethod(request: FastifyRequest): void {
  const sessionful = eraOf(request) === "legacy";
  if (request.method === "POST") return;
  if (sessionful && (request.method === "GET" || request.method === "DELETE")) return;
  throw new AppError("method_not_allowed");
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw parseError();
  }
}

const parseError = (): ProtocolError => new ProtocolError(ProtocolErrorCode.ParseError, "Parse error: Invalid JSON");

function versionHeaders({ headers }: Request) {
  const [protocolVersion, method, name] = ["mcp-protocol-version", "mcp-method", "mcp-name"].map((header) =>
    headers.get(header),
  );
  return {
    ...(typeof protocolVersion === "string" && { protocolVersionHeader: protocolVersion }),
    ...(typeof method === "string" && { mcpMethodHeader: method }),
    ...(typeof name === "string" && { mcpNameHeader: name }),
  };
}

function idOf(body: unknown): string | number | null {
  if (typeof body !== "object" || body === null || !("id" in body) || !("method" in body)) return null;
  return typeof body.id === "string" || typeof body.id === "number" ? body.id : null;
}
