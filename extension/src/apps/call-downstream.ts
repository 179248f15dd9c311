import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { cachedRow } from "../db/cached-row.ts";
import type { Database } from "../db/database.ts";
import type { AppSessions } from "./app-sessions.ts";
import type { CallLimit } from "./call-limit.ts";
import { statusOf, type StatusReporter } from "./connection-status.ts";
import { describeFailure } from "./describe-failure.ts";
import type { DownstreamCall } from "./downstream.ts";
import type { Connection } from "./load-connection.ts";
import type { OpenQuestions } from "./open-questions.ts";
import type { RequestParts, Session } from "./open-session.ts";
import type { Params, RawAnswer } from "./tapping-transport.ts";
import { toFault } from "./to-fault.ts";
import { noteWantedScopes } from "./wanted-scopes.ts";

export type CallDeps = {
  database: Database;
  sessions: AppSessions;
  limit: CallLimit;
  questions: OpenQuestions;
  status: StatusReporter;
  mayReach(url: string): Promise<boolean>;
};

/** Keys by which an AI client speaks of its own connection to the relay; this side's session has its own. */
const ENVELOPE = ["protocolVersion", "clientInfo", "clientCapabilities"].map((key) => `io.modelcontextprotocol/${key}`);

const LOG_LEVEL = "io.modelcontextprotocol/logLevel";
const SERVER_INFO = "io.modelcontextprotocol/serverInfo";

export async function callDownstream(deps: CallDeps, call: DownstreamCall): Promise<Outcome> {
  const signal = AbortSignal.any([call.signal, call.deadline]);
  const progress: Progress = { sent: false, connection: null };
  try {
    return await execute(deps, call, signal, progress);
  } catch (error) {
    const app = progress.connection?.app;
    const named = app === undefined ? {} : { app: app.name };
    if (call.signal.aborted) return fault(new AppError("call_cancelled"));
    if (call.deadline.aborted) {
      if (progress.sent) return fault(new AppError("app_timeout", { detail: named }));
      // Waiting in line or for the handshake: nothing was executed.
      if (app !== undefined && progress.waiting === true) return fault(new AppError("too_busy"));
      const late = new AppError("app_unreachable", { detail: { ...named, reason: "no answer in time" } });
      await report(deps, call, late);
      return fault(late);
    }
    const known = app === undefined ? await appOf(deps.database, call.connectionId) : app;
    if (known === null) return fault(new AppError("app_not_bound"));
    const use = progress.sent && call.method === "tools/call" ? "sent-call" : "call";
    const failed = refusalOf(call, known, error) ?? (await toFault(deps, known, error, use));
    await noteScopes(deps, call, error);
    await report(deps, call, failed);
    return fault(failed);
  }
}

type Progress = { sent: boolean; connection: Connection | null; waiting?: boolean };

async function execute(
  deps: CallDeps,
  call: DownstreamCall,
  signal: AbortSignal,
  progress: Progress,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    const lease = await unless(signal, deps.sessions.acquire(call));
    const { session, owner } = lease;
    progress.connection = owner;
    try {
      progress.waiting = true;
      const place = await deps.limit.enter(owner.app.appId, signal);
      progress.waiting = false;
      try {
        const sent = { onSent: () => (progress.sent = true) };
        const asking = deps.questions.partsOf(call, place);
        const parts = { signal, ...sent, ...listenersOf(call), ...asking, headers: headersFor(call, session.modern) };
        if (call.logLevel !== null) await session.setLogLevel(call.logLevel, signal).catch(() => undefined);
        const answer = await send(deps, session, call, parts);
        if (call.forwardedHeaders === null) await deps.status.report(call.connectionId, "connected");
        return session.modern ? withoutServerInfo(answer) : answer;
      } finally {
        place.leave();
      }
    } catch (error) {
      const failure = describeFailure(error);
      if (failure.kind === "answer") return failure.answer;
      if (failure.kind !== "session-lost" || !session.stateful || attempt > 1 || signal.aborted) throw error;
      // The server has refused an id it does not know, so nothing was executed: once more in a new session.
      lease.discard();
      progress.sent = false;
    } finally {
      lease.release();
    }
  }
}

async function send({ database }: CallDeps, session: Session, call: DownstreamCall, parts: RequestParts) {
  const params = paramsFor(call, session.modern);
  if (call.method !== "tools/call") return session.request(call.method, params, parts);
  return session.callTool(params, session.modern ? await definitionOf(database, call) : null, parts);
}

function listenersOf({ onProgress, onLog, onAway, onElicited, params }: DownstreamCall) {
  const token = metaOf(params)["progressToken"];
  return {
    ...(onLog && { onLog }),
    ...(onAway && { onAway }),
    ...(onElicited && { onElicited }),
    // The session has a token of its own for each call; the caller knows only the one it chose, if it did.
    ...(onProgress && { onProgress: (sent: Params): void => onProgress({ ...sent, progressToken: token }) }),
  };
}

/** Earlier revisions say only by header to which trace a request belongs. */
const headersFor = ({ traceparent = null }: DownstreamCall, modern: boolean): Record<string, string> =>
  traceparent === null || modern ? {} : { traceparent };

function paramsFor({ params, logLevel, traceparent = null }: DownstreamCall, modern: boolean): Params {
  const { progressToken: _ours, [LOG_LEVEL]: _theirs, ...meta } = metaOf(params);
  const kept = Object.entries(meta).filter(([key]) => !ENVELOPE.includes(key));
  // In this revision each request says it; earlier ones set it once for the session.
  if (modern && logLevel !== null) kept.push([LOG_LEVEL, logLevel]);
  // Last, so that it takes the place of what the caller said of the hop before.
  if (modern && traceparent !== null) kept.push(["traceparent", traceparent]);
  const { _meta: _replaced, ...rest } = params;
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) };
}

/** The app's stamp on each answer names the server of this hop; towards the AI client that is the relay. */
function withoutServerInfo(answer: RawAnswer): RawAnswer {
  if (answer.kind === "error" || answer.result["_meta"] === undefined) return answer;
  const { [SERVER_INFO]: _stamp, ...meta } = metaOf(answer.result);
  const { _meta: _replaced, ...rest } = answer.result;
  return { kind: "result", result: Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta } };
}

function metaOf(params: Params): Params {
  const meta = params["_meta"];
  return typeof meta === "object" && meta !== null ? { ...meta } : {};
}

async function definitionOf(database: Database, { connectionId, params }: DownstreamCall) {
  const { name } = params;
  if (typeof name !== "string") return null;
  return (await cachedRow(database, "tools", [connectionId, name]))?.definition ?? null;
}

async function appOf(database: Database, connectionId: string) {
  const row = await database.connections.get(connectionId);
  return row === undefined ? null : ((await database.apps.get(row.appId)) ?? null);
}

/** An app that refuses what a passthrough caller brought says nothing about the person's own sign-in. */
function refusalOf({ forwardedHeaders }: DownstreamCall, app: { name: string }, error: unknown): AppError | null {
  if (forwardedHeaders === null || !["sign-in", "forbidden"].includes(describeFailure(error).kind)) return null;
  return new AppError("app_refused_caller", { detail: { app: app.name }, cause: error });
}

async function noteScopes({ database }: CallDeps, call: DownstreamCall, error: unknown): Promise<void> {
  const failure = describeFailure(error);
  if (call.forwardedHeaders !== null || failure.kind !== "sign-in" || failure.scope === null) return;
  await noteWantedScopes(database, call.connectionId, failure.scope);
}

/** The status of a connection is what its own calls were answered; strangers do not change it. */
async function report(
  deps: CallDeps,
  { connectionId, forwardedHeaders }: DownstreamCall,
  error: AppError,
): Promise<void> {
  const status = forwardedHeaders === null ? statusOf(error) : null;
  if (status !== null) await deps.status.report(connectionId, status, { code: error.code, detail: error.detail });
}

const fault = ({ code, detail }: AppError): Outcome => ({ kind: "fault", code, detail: { ...detail } });

/** The promise, or the signal's reason as soon as it is aborted; a lease that comes too late is given back. */
async function unless<T extends { release(): void }>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } catch (error) {
    if (signal.aborted) void promise.then((late) => late.release()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
