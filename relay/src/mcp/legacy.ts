import { isInitializeRequest, isJSONRPCRequest, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { LEGACY_PROTOCOLS, SESSION_IDLE_MS } from "@agent-personas/shared/mcp/protocol";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Caller, RelayDeps } from "../deps.ts";
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

/** All passthrough callers of a persona together keep this part of the sessions. */
const STRANGERS_SHARE = 5;
/** Longest `initialize` that is kept, and of a passthrough caller. Characters. */
const INITIALIZE_LENGTH = 65_536;
const STRANGER_INITIALIZE_LENGTH = 8_192;

export type LegacyDeps = Pick<RelayDeps, "config" | "store" | "now" | "usage"> & {
  live: LiveSessions;
  exchanges: WeakMap<Request, Exchange>;
  stepUps: StepUps;
};

/** A request that passed the guards, with its parsed body. */
export type Inbound = { request: Request; body: unknown; caller: Caller; traceparent: string | null };

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
    const session = await deps.live.wake(row, caller.persona);
    hold(session.hold());
    deps.exchanges.set(request, {
      ...caller,
      era: "legacy",
      client,
      session: row.sessionId,
      traceparent: inbound.traceparent,
    });
    // A client that opens its stream again has lost the one before.
    if (request.method === "GET") session.transport.closeStandaloneSSEStream();
    return session.transport.handleRequest(request, { parsedBody: body });
  };
}

async function openSession({ request, body, caller }: Inbound, deps: LegacyDeps): Promise<Response> {
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
  for (const sessionId of await deps.store.sessions.deleteExcess(caps)) await deps.live.end(sessionId);
  return deps.live.start(row, caller.persona, request, body.id);
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
  return new Response(null, { status: 200 });
}

/** Whether there is a request in it, and not only notifications and answers. */
const asks = (body: unknown): boolean =>
  Array.isArray(body) ? body.some((message) => isJSONRPCRequest(message)) : isJSONRPCRequest(body);
