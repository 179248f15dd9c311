import { isInitializeRequest, isJSONRPCRequest, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { LEGACY_PROTOCOLS, SESSION_IDLE_MS } from "@agent-personas/shared/mcp/protocol";
import { createId } from "@agent-personas/shared/primitives/id";
import { logLevelSchema, type LogLevel } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { Caller, RelayDeps } from "../deps.ts";
import { callerCapabilities } from "./caller-capabilities.ts";
import { EXTERNAL_ID } from "../inbound/principal.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import type { SessionRow } from "../store/sessions.ts";
import { checkBatch } from "./check-batch.ts";
import { checkScope } from "./check-scope.ts";
import { clientOfInitialize } from "./client-name.ts";
import type { Exchange } from "./exchange.ts";
import { isMethod } from "./is-method.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { noteUse } from "./note-use.ts";
import type { StreamOwner } from "./resume/event-log.ts";
import type { Opened, Resume } from "./resume/resume.ts";

/** All passthrough callers of a persona together keep this part of the sessions. */
const STRANGERS_SHARE = 5;
/** Longest `initialize` that is kept, and of a passthrough caller. Characters. */
const INITIALIZE_LENGTH = 65_536;
const STRANGER_INITIALIZE_LENGTH = 8_192;

export type LegacyDeps = Pick<RelayDeps, "config" | "store" | "now" | "usage"> & {
  live: LiveSessions;
  exchanges: WeakMap<Request, Exchange>;
  stepUps: StepUps;
  resume: Resume;
};

/** A request that passed the guards, with its parsed body. */
export type Inbound = {
  request: Request;
  body: unknown;
  caller: Caller;
  requestId: string;
  traceparent: string | null;
  /** Whether the client reads what comes before the answer. */
  hearsStreams: boolean;
  /** Calls back when all of the answer is out. */
  onSent: (callback: () => void) => void;
};

/** The revisions with sessions. `hold` is given what keeps the session live until the answer is out. */
export type Legacy = (inbound: Inbound, hold: (release: () => void) => void) => Promise<Response>;

export function createLegacy(deps: LegacyDeps): Legacy {
  return async (inbound, hold) => {
    const { request, body, caller } = inbound;
    if (request.method === "POST" && isMethod(body, "initialize")) return openSession(inbound, deps);
    const row = await findSession(request, caller, deps);
    if (request.method === "DELETE") return endSession(row, deps);
    checkBatch(body, row.protocol);
    checkScope(body, caller, deps.stepUps);
    const client = clientOfInitialize(row.initialize);
    noteUse(deps.usage, caller.principal, client);
    deps.usage.sessionUsed(row.sessionId);
    // Nothing runs in a session that is not live, so there is nothing to cancel or to answer.
    const idle = deps.live.get(row.sessionId) === null;
    if (request.method === "POST" && idle && !asks(body)) return new Response(null, { status: 202 });
    const cutOff = request.method === "GET" ? await comeBack(row, inbound, deps) : null;
    if (cutOff instanceof Response) return cutOff;
    const session = await deps.live.wake(row, caller);
    hold(session.hold());
    // A client that opens a stream again has lost the one before.
    if (cutOff !== null) session.transport.closeSSEStream(cutOff.id);
    else if (request.method === "GET") {
      session.transport.closeStandaloneSSEStream();
      session.hearLists();
    }
    const exchange: Exchange = {
      ...caller,
      era: "legacy",
      client,
      // A client that reads one answer and no stream would never see a question.
      capabilities: inbound.hearsStreams ? callerCapabilities(row.initialize["capabilities"]) : {},
      logLevel: await logLevelOf(body, row, deps),
      hearsStreams: inbound.hearsStreams,
      session: row.sessionId,
      requestId: inbound.requestId,
      traceparent: inbound.traceparent,
    };
    return answering(row, inbound, deps, (opened) => {
      deps.exchanges.set(request, { ...exchange, ...(opened !== null && { callId: opened.callId }) });
      return session.transport.handleRequest(request, { parsedBody: body });
    });
  };
}

const ownerOf = ({ sessionId }: SessionRow, { principal }: Caller): StreamOwner => ({
  sessionId,
  userId: principal.executingUserId,
});

/** Answers in a stream that the client can come back to, if it reads streams at all. */
function answering(
  row: SessionRow,
  { body, caller, hearsStreams, onSent }: Inbound,
  { resume }: LegacyDeps,
  answer: (opened: Opened | null) => Promise<Response>,
): Promise<Response> {
  if (!hearsStreams) return answer(null);
  return resume.answering(ownerOf(row, caller), body, (opened) => {
    if (opened !== null) onSent(opened.delivered);
    return answer(opened);
  });
}

/** A client that was cut off from the answer to a request: the request, or at once what is left to say of it. */
async function comeBack(
  row: SessionRow,
  { request, caller, requestId }: Inbound,
  { resume, live }: LegacyDeps,
): Promise<{ id: string | number } | Response | null> {
  const owner = ownerOf(row, caller);
  const found = await resume.find(owner, request.headers.get("last-event-id"));
  if (found === null) return null;
  const { stream } = found;
  const orphaned = stream.pending > 0 && live.get(row.sessionId)?.writes(stream) !== true;
  if (orphaned) return resume.orphan(found, { userId: owner.userId, requestId, signal: request.signal });
  return typeof stream.purpose === "string" ? { id: "" } : stream.purpose;
}

async function openSession(inbound: Inbound, deps: LegacyDeps): Promise<Response> {
  const { request, body, caller } = inbound;
  if (!isInitializeRequest(body) || !isJSONRPCRequest(body)) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid initialize request");
  }
  const initialize: Record<string, unknown> = { ...body.params };
  const isStranger = caller.principal.kind === "external";
  if (JSON.stringify(initialize).length > (isStranger ? STRANGER_INITIALIZE_LENGTH : INITIALIZE_LENGTH)) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "The initialize request is too large");
  }
  const asked = LEGACY_PROTOCOLS.find((protocol) => protocol === initialize["protocolVersion"]);
  const now = deps.now();
  const row: SessionRow = {
    sessionId: createId("session", now),
    personaId: caller.persona.personaId,
    principalId: caller.principal.id,
    protocol: asked ?? LEGACY_PROTOCOLS[0],
    initialize,
    logLevel: null,
    subscriptions: [],
    createdAt: now,
    lastUsedAt: now,
  };
  noteUse(deps.usage, caller.principal, clientOfInitialize(initialize));
  await deps.store.sessions.insert(row);
  const total = deps.config.sessionLimit;
  // Passthrough callers are made by somebody else, or by nothing but an address: many of them must not crowd others out.
  const caps = {
    principalId: row.principalId,
    perPrincipal: Math.ceil(total / (isStranger ? 20 : 2)),
    together: isStranger
      ? { personaId: row.personaId, idsBegin: EXTERNAL_ID, keep: Math.ceil(total / STRANGERS_SHARE) }
      : null,
    total,
  };
  const excess = await deps.store.sessions.deleteExcess(caps);
  deps.resume.drop(excess);
  for (const sessionId of excess) await deps.live.end(sessionId);
  return answering(row, inbound, deps, () => deps.live.start(row, caller, request, body.id));
}

async function findSession(request: Request, caller: Caller, deps: LegacyDeps): Promise<SessionRow> {
  const sessionId = request.headers.get("mcp-session-id");
  if (sessionId === null) throw new AppError("session_missing");
  const row = await deps.store.sessions.find(sessionId, deps.now() - SESSION_IDLE_MS);
  const ours = row?.personaId === caller.persona.personaId && row.principalId === caller.principal.id;
  if (row === null || !ours) throw new AppError("session_unknown");
  return row;
}

async function endSession(row: SessionRow, deps: LegacyDeps): Promise<Response> {
  await deps.store.sessions.delete(row.sessionId);
  await deps.live.end(row.sessionId);
  deps.resume.drop([row.sessionId]);
  return new Response(null, { status: 200 });
}

const setLevelSchema = z.looseObject({
  method: z.literal("logging/setLevel"),
  params: z.looseObject({ level: logLevelSchema }),
});

/** What the session hears of logs; set for all that follows by the message that sets it, which the SDK answers. */
async function logLevelOf(body: unknown, row: SessionRow, { store }: LegacyDeps): Promise<LogLevel | null> {
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  const levels = messages.map((message) => setLevelSchema.safeParse(message).data?.params.level);
  const level = levels.findLast((each) => each !== undefined);
  if (level === undefined) return row.logLevel;
  await store.sessions.setLogLevel(row.sessionId, level);
  return level;
}

/** Whether there is a request in it, and not only notifications and answers. */
const asks = (body: unknown): boolean =>
  Array.isArray(body) ? body.some((message) => isJSONRPCRequest(message)) : isJSONRPCRequest(body);
